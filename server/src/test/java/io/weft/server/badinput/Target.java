package io.weft.server.badinput;

import io.weft.server.clients.Deadline;
import io.weft.server.process.RawClient;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;

/// The system that is asked.
record Target(int port) {
  interface Conversation<R> {
    R with(RawClient client) throws Exception;
  }

  RawClient connect() throws IOException {
    return new RawClient(port);
  }

  <R> R talk(Conversation<R> conversation) throws Exception {
    try (RawClient client = connect()) {
      return conversation.with(client);
    }
  }

  /// Sends bytes on a new connection and says what comes back.
  String afterBytes(byte[] bytes) throws Exception {
    return talk(
        client -> {
          client.sendBytes(bytes);
          return client.next();
        });
  }

  String afterFrame(byte[] body) throws Exception {
    return talk(
        client -> {
          client.sendFrame(body);
          return client.next();
        });
  }

  /// Asks on a new connection; a connection that is closed instead is a null response to `read`.
  String answer(AbstractRequest request, Reader read) throws Exception {
    return talk(
        client -> {
          try {
            return read.text(client.ask(request));
          } catch (EOFException | SocketException e) {
            return RawClient.CLOSED;
          }
        });
  }

  interface Reader {
    String text(AbstractResponse response);
  }

  static String name(short code) {
    return "%s(%d)".formatted(Errors.forCode(code).name(), code);
  }

  void createTopic(String name, int partitions, Map<String, String> settings) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", "127.0.0.1:" + port))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(name, Optional.of(partitions), Optional.<Short>empty())
                      .configs(settings)))
          .all()
          .get();
      awaitLed(admin, name, partitions);
    } catch (ExecutionException e) {
      throw new IllegalStateException("topic " + name, e.getCause());
    }
  }

  /// A real Kafka's broker leads a topic some time after it has said that it is created.
  private static void awaitLed(Admin admin, String name, int partitions)
      throws InterruptedException, ExecutionException {
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    for (int i = 0; i < partitions; i++) {
      ends.put(new TopicPartition(name, i), OffsetSpec.latest());
    }
    Deadline deadline = Deadline.usual();
    boolean isLed = false;
    while (!isLed) {
      deadline.check("nobody leads %s", ends.keySet());
      try {
        admin.listOffsets(ends).all().get();
        isLed = true;
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof RetriableException)) {
          throw e;
        }
      }
    }
  }
}
