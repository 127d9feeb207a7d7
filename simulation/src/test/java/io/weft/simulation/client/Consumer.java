package io.weft.simulation.client;

import io.weft.history.Action;
import io.weft.simulation.cluster.ClientLink;
import io.weft.simulation.cluster.Cluster;
import io.weft.simulation.fault.Sight;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.FetchSessionHandler;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.utils.internals.LogContext;

/// A consumer with partitions of its own, which asks now this agent and now that one, in Kafka's
/// own fetch sessions. Runs on a thread of its world.
public final class Consumer {
  private static final short BY_NAME = 12;
  private static final short BY_ID = 17;
  private static final int BACKOFF_MS = 100;
  private static final int WAIT_MS = 500;

  private final Caller caller;
  private final Notes notes;
  private final Topics topics;
  private final int process;
  private final boolean byId;
  private final boolean sessions;
  private final Map<TopicPartition, Long> positions = new LinkedHashMap<>();
  private FetchSessionHandler session = newSession();
  private ClientLink sessionLink;
  private volatile boolean stopping;

  private Consumer(Cluster cluster, Notes notes, Topics topics) {
    this.notes = notes;
    this.topics = topics;
    this.process = notes.process();
    this.caller = new Caller(cluster, "consumer-" + process);
    this.byId = caller.weather().oneIn(2);
    this.sessions = caller.weather().oneIn(2);
    topics.partitions().forEach(partition -> positions.put(partition, 0L));
  }

  public static Consumer start(Cluster cluster, Notes notes, Topics topics) {
    Consumer consumer = new Consumer(cluster, notes, topics);
    notes
        .recorder()
        .note(
            consumer.process,
            new Action.Assign(topics.partitions().stream().map(Object::toString).toList()));
    cluster.world().start("consumer", consumer::run);
    return consumer;
  }

  public void stop() {
    stopping = true;
  }

  /// The next offset it wants of a partition.
  public long position(TopicPartition partition) {
    return positions.get(partition);
  }

  private void run() {
    try {
      while (!stopping) {
        if (caller.weather().oneIn(20)) {
          caller.leave();
        }
        poll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void poll() throws InterruptedException {
    int op = notes.recorder().invoke(process, new Action.Poll());
    try {
      ClientLink link = caller.link();
      if (link != sessionLink) {
        session = newSession();
        sessionLink = link;
      }
      FetchSessionHandler.FetchRequestData data = request();
      FetchResponse response = (FetchResponse) caller.ask(built(data));
      if (session.handleResponse(response, version())) {
        notes.recorder().ok(op, new Action.Poll(taken(response)));
        return;
      }
    } catch (ClientLink.Lost e) {
      session.handleError(e);
    }
    notes.recorder().info(op, new Action.Poll());
    caller.world().sleepMs(BACKOFF_MS);
  }

  private short version() {
    return byId ? BY_ID : BY_NAME;
  }

  private FetchSessionHandler.FetchRequestData request() {
    FetchSessionHandler.Builder builder = session.newBuilder();
    positions.forEach(
        (partition, position) ->
            builder.add(
                partition,
                new FetchRequest.PartitionData(
                    byId ? topics.id(partition.topic()) : Uuid.ZERO_UUID,
                    position,
                    FetchRequest.INVALID_LOG_START_OFFSET,
                    Fetches.PARTITION_BYTES_MAX,
                    Optional.empty())));
    return builder.build();
  }

  private FetchRequest built(FetchSessionHandler.FetchRequestData data) {
    return FetchRequest.Builder.forConsumer(
            version(), caller.weather().upTo(WAIT_MS), 1, data.toSend())
        .isolationLevel(IsolationLevel.READ_COMMITTED)
        .setMaxBytes(1 << 20)
        .metadata(data.metadata())
        .removed(data.toForget())
        .replaced(data.toReplace())
        .build(version());
  }

  private List<Action.Run> taken(FetchResponse response) throws InterruptedException {
    List<Action.Run> runs = new ArrayList<>();
    Map<Uuid, String> names = session.sessionTopicNames();
    boolean failed = false;
    for (Map.Entry<TopicPartition, PartitionData> entry :
        response.responseData(names, version()).entrySet()) {
      TopicPartition partition = entry.getKey();
      Errors error = Errors.forCode(entry.getValue().errorCode());
      notes.saw(entry.getValue().highWatermark() * 100 + error.code());
      if (error == Errors.OFFSET_OUT_OF_RANGE) {
        notes.complain("%s has no offset %d", partition, positions.get(partition));
      }
      failed |= error != Errors.NONE;
      Fetches.Given given =
          Fetches.given(partition, positions.get(partition), entry.getValue(), notes);
      positions.put(partition, given.next());
      given.run().ifPresent(runs::add);
      if (given.aborted() > 0) {
        caller.weather().saw(Sight.ABORTED_PASSED_OVER);
      }
    }
    if (failed) {
      caller.weather().saw(Sight.FETCH_FAILED);
      caller.leave();
      caller.world().sleepMs(BACKOFF_MS);
    }
    if (!sessions) {
      // Ends it on this side; the agent finds out when it needs the place.
      session = newSession();
    }
    return runs;
  }

  private static FetchSessionHandler newSession() {
    return new FetchSessionHandler(new LogContext(), 0);
  }
}
