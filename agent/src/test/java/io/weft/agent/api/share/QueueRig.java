package io.weft.agent.api.share;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.fetch.TestAgent;
import io.weft.agent.fetch.TestBatch;
import io.weft.agent.fetch.TestCluster;
import io.weft.agent.memory.ByteBudget;
import io.weft.agent.network.Answer;
import io.weft.agent.network.ClientConnection;
import io.weft.agent.network.Request;
import io.weft.agent.share.ShareFetcher;
import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.ShareGroups;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.controlplane.state.share.Decided;
import io.weft.controlplane.state.share.SharePartitions;
import io.weft.controlplane.state.share.ShareSettings;
import io.weft.environment.Environment;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;

/// The queue handlers of an agent over a test cluster and real share-partitions in memory.
/// Thread-safe.
final class QueueRig implements ShareGroups, AutoCloseable {
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<PartitionId, PartitionLog> logs = new HashMap<>();
  private final SharePartitions shares =
      new SharePartitions(id -> Optional.ofNullable(logs.get(id)), _ -> ShareSettings.DEFAULT);
  final TestCluster cluster = new TestCluster();
  private final TestAgent agent = new TestAgent(cluster, Environment.system()).streaming();
  final TopicId topic = cluster.addTopic("t", 2);
  final Uuid topicUuid = new Uuid(topic.high(), topic.low());
  final ShareSessions sessions;
  final ShareFetcher fetcher;
  private final Map<ApiKeys, ApiHandler> handlers = new HashMap<>();
  private volatile boolean away;

  QueueRig(int sessionsMax) {
    sessions = new ShareSessions(sessionsMax);
    fetcher = new ShareFetcher(this, agent.fetcher(), agent.search(), Environment.system());
    Acknowledging acknowledging = new Acknowledging(agent.catalog(), this, Environment.system());
    LockTimes lockTimes = new LockTimes();
    for (ApiHandler each :
        List.of(
            new ShareFetchHandler(
                catalog(), fetcher, sessions, acknowledging, lockTimes, Environment.system()),
            new ShareAcknowledgeHandler(sessions, acknowledging, lockTimes))) {
      handlers.put(each.key(), each);
    }
    for (int i = 0; i < 2; i++) {
      logs.put(new PartitionId(topic, i), new PartitionLog());
    }
    begin("g", List.copyOf(logs.keySet()), Optional.of(0L));
  }

  LiveCatalog catalog() {
    return agent.catalog();
  }

  /// One batch at a partition's end.
  void produce(int partition, String... values) {
    PartitionId id = new PartitionId(topic, partition);
    TestBatch batch = TestBatch.of(1_000, values);
    lock.lock();
    try {
      PartitionLog log = logs.get(id);
      UploadedBatches run =
          new UploadedBatches(
              id,
              new int[] {batch.size()},
              new int[] {values.length},
              new long[] {1_000},
              new long[] {-1},
              new short[] {-1},
              new int[] {-1},
              new byte[1]);
      BatchOutcomes placed =
          new BatchOutcomes(new byte[1], new long[] {log.highWatermark()}, new long[] {-1}, 0);
      log.append(run, placed, 1, 0, 1_000);
    } finally {
      lock.unlock();
    }
    cluster.commit(TestCluster.Run.of(id, batch));
  }

  void setAway(boolean isAway) {
    away = isAway;
  }

  <R extends AbstractResponse> R ask(AbstractRequest built, long connection, Class<R> type)
      throws InterruptedException {
    ByteBuffer bytes = MessageUtil.toByteBufferAccessor(built.data(), built.version()).buffer();
    AbstractRequest parsed =
        AbstractRequest.parseRequest(built.apiKey(), built.version(), new ByteBufferAccessor(bytes))
            .request;
    Answer answer =
        handlers
            .get(built.apiKey())
            .handle(
                new Request(
                    new RequestHeader(built.apiKey(), built.version(), "client", 1),
                    parsed,
                    new ClientConnection(connection, InetAddress.getLoopbackAddress(), 9092),
                    new ByteBudget(1_000_000).acquire(100)));
    return type.cast(((Answer.Ready) answer).response());
  }

  void endConnection(long connection) {
    handlers
        .values()
        .forEach(
            each ->
                each.connectionEnded(
                    new ClientConnection(connection, InetAddress.getLoopbackAddress(), 9092)));
  }

  private interface Question<R> {
    Decided<R> decide();
  }

  private <R> R asked(Question<R> question) {
    if (away) {
      throw new ControlPlaneException.Unavailable("away", null);
    }
    lock.lock();
    try {
      Decided<R> decided = question.decide();
      decided.changes().forEach(shares::replay);
      return decided.reply();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Acquisition acquire(AcquireOrder order) {
    asked(() -> shares.decideStarts(order));
    return asked(() -> new Decided<>(List.of(), shares.acquire(order, 0)));
  }

  @Override
  public List<AcknowledgeOutcome> acknowledge(AcknowledgeOrder order) {
    return asked(() -> shares.decideAcknowledge(order, 0));
  }

  @Override
  public boolean release(String group, String member, List<PartitionId> partitions) {
    return asked(() -> shares.decideRelease(group, member, partitions));
  }

  @Override
  public boolean begin(String group, List<PartitionId> partitions, Optional<Long> startOffset) {
    return asked(() -> shares.decideBegin(group, partitions, startOffset));
  }

  @Override
  public boolean startAt(String group, PartitionId partition, long startOffset) {
    return asked(() -> shares.decideStartAt(group, partition, startOffset));
  }

  @Override
  public void close() {
    agent.close();
  }
}
