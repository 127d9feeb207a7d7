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
import io.weft.controlplane.api.ShareGroups;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.state.DirectPort;
import io.weft.controlplane.state.RunBuilder;
import io.weft.environment.Environment;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractRequest;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;

/// The queue handlers of an agent over a test cluster, and a real state that has the same
/// partitions. Thread-safe.
final class QueueRig implements AutoCloseable {
  private static final AgentId AGENT = new AgentId(0);

  private final DirectPort controlPlane = new DirectPort();
  final TestCluster cluster = new TestCluster();
  private final TestAgent agent = new TestAgent(cluster, Environment.system()).streaming();
  final TopicId topic = cluster.addTopic("t", 2);
  final Uuid topicUuid = new Uuid(topic.high(), topic.low());
  final ShareSessions sessions;
  final ShareFetcher fetcher;
  private final Map<ApiKeys, ApiHandler> handlers = new HashMap<>();

  QueueRig(int sessionsMax) {
    sessions = new ShareSessions(sessionsMax);
    ShareGroups groups = controlPlane.as(ShareGroups.class);
    fetcher = new ShareFetcher(groups, agent.fetcher(), agent.search(), Environment.system());
    Acknowledging acknowledging = new Acknowledging(agent.catalog(), groups, Environment.system());
    LockTimes lockTimes = new LockTimes();
    for (ApiHandler each :
        List.of(
            new ShareFetchHandler(
                catalog(), fetcher, sessions, acknowledging, lockTimes, Environment.system()),
            new ShareAcknowledgeHandler(sessions, acknowledging, lockTimes))) {
      handlers.put(each.key(), each);
    }
    controlPlane.addAgent(AGENT.value(), "", "localhost", 9092);
    controlPlane.create(new NewTopic(topic, "t", 2, (short) 1, Map.of()));
    groups.begin(
        "g", List.of(new PartitionId(topic, 0), new PartitionId(topic, 1)), Optional.of(0L));
  }

  LiveCatalog catalog() {
    return agent.catalog();
  }

  /// One batch at a partition's end.
  void produce(int partition, String... values) {
    PartitionId id = new PartitionId(topic, partition);
    TestBatch batch = TestBatch.of(1_000, values);
    // In this order: what a member can acquire, it can read.
    cluster.commit(TestCluster.Run.of(id, batch));
    controlPlane.commit(
        AGENT, RunBuilder.run(id).timed(batch.size(), values.length, 1_000).build());
  }

  /// Records of a partition that the group is not done with.
  long lag(int partition) {
    return controlPlane.shareLag("g", new PartitionId(topic, partition));
  }

  void setAway(boolean isAway) {
    controlPlane.setAway(isAway);
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

  @Override
  public void close() {
    agent.close();
  }
}
