package io.weft.agent.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.environment.Environment;
import io.weft.model.ListenerName;
import io.weft.protocol.frame.OfferedApis;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.MetadataResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A listener at several addresses.
@Timeout(300)
class ListenerAddressesTest {
  private static final ListenerName INSIDE = new ListenerName("INSIDE");
  private static final ListenerName OUTSIDE = new ListenerName("OUTSIDE");

  private final Queue<ListenerName> asked = new ConcurrentLinkedQueue<>();

  Answer answer(Request request) {
    asked.add(request.client().listener());
    return new Answer.Ready(
        new MetadataResponse(new MetadataResponseData(), request.header().apiVersion()));
  }

  @Test
  void requestsSayByWhichTheyCameAndConnectionsAreCountedOverAll() throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (Listener listener =
        new Listener(
            List.of(new Listener.At(INSIDE, any), new Listener.At(OUTSIDE, any)),
            Environment.system(),
            OfferedApis.of(List.of(ApiKeys.METADATA)),
            this::answer,
            NetworkSettings.DEFAULTS.withConnectionsMax(2, 2))) {
      listener.start();
      assertThat(listener.port()).isEqualTo(listener.port(INSIDE));
      assertThat(listener.port(OUTSIDE)).isNotEqualTo(listener.port(INSIDE));
      try (RawClient first = new RawClient(listener.port(INSIDE));
          RawClient second = new RawClient(listener.port(OUTSIDE))) {
        first.ask(RawClient.metadata());
        second.ask(RawClient.metadata());
        assertThat(asked).containsExactly(INSIDE, OUTSIDE);
        assertThat(listener.figures().connections()).isEqualTo(2);
        for (ListenerName name : List.of(INSIDE, OUTSIDE)) {
          try (RawClient third = new RawClient(listener.port(name))) {
            assertThat(third.isClosedByPeer()).as(name.name()).isTrue();
          }
        }
        second.ask(RawClient.metadata());
      }
    }
  }
}
