package io.weft.agent.api.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.environment.ManualTime;
import io.weft.agent.fetch.TestAgent;
import io.weft.agent.fetch.TestBatch;
import io.weft.agent.fetch.TestCluster;
import io.weft.agent.fetch.TestCluster.Run;
import io.weft.controlplane.api.CatalogCopy;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Whom a consumer's rack sends it to.
class NearestAgentTest {
  private static final short VERSION = 17;
  private static final int PARTITIONS = 8;
  private static final Zone A = new Zone("a");
  private static final Zone B = new Zone("b");

  private final ManualTime time = new ManualTime(1);
  private final TestCluster cluster = new TestCluster();
  private final TopicId topic = cluster.addTopic("t", PARTITIONS);
  private final TestAgent agent = new TestAgent(cluster, time.environment());
  private final FetchSessions sessions =
      new FetchSessions(time.environment(), new SessionSettings(2, 120_000));
  private List<Agent> agents = List.of(agent(1, B), agent(2, A), agent(3, A));

  @AfterEach
  void close() {
    agent.close();
  }

  private static Agent agent(int id, Zone zone) {
    return new Agent(new AgentId(id), zone, "localhost", 9092);
  }

  /// The cluster's topics, and this test's agents.
  private final class Zones implements TopicCatalog {
    @Override
    public Page page(Position position) {
      Catalog known = CatalogCopy.whole(cluster::page);
      return Page.of(
          new Catalog(
              known.version(), known.clusterId(), known.membershipEpoch(), known.topics(), agents),
          position);
    }

    @Override
    public CreateOutcome create(NewTopic wanted) {
      return cluster.create(wanted);
    }

    @Override
    public boolean delete(TopicId id) {
      return cluster.delete(id);
    }

    @Override
    public GrowOutcome grow(TopicId id, int partitions) {
      return cluster.grow(id, partitions);
    }

    @Override
    public ConfigureOutcome configure(TopicId id, long version, Map<String, String> settings) {
      return cluster.configure(id, version, settings);
    }

    @Override
    public List<DeleteOutcome> deleteRecords(List<RecordsBefore> deletions) {
      return cluster.deleteRecords(deletions);
    }
  }

  private FetchRequestData request(String rack, int sessionId, int epoch) {
    FetchTopic wanted = new FetchTopic().setTopicId(new Uuid(topic.high(), topic.low()));
    for (int i = 0; i < PARTITIONS; i++) {
      wanted.partitions().add(new FetchPartition().setPartition(i).setPartitionMaxBytes(1 << 20));
    }
    return new FetchRequestData()
        .setMaxWaitMs(60_000)
        .setMinBytes(1)
        .setMaxBytes(1 << 20)
        .setSessionId(sessionId)
        .setSessionEpoch(epoch)
        .setRackId(rack)
        .setTopics(epoch > 0 ? List.of() : List.of(wanted));
  }

  private FetchResponse ask(FetchHandler handler, FetchRequestData data)
      throws InterruptedException {
    return Asked.response(
        handler.handle(Asked.request(ApiKeys.FETCH, new FetchRequest(data, VERSION))),
        FetchResponse.class);
  }

  private FetchHandler handler(Zone own) {
    return new FetchHandler(new LiveCatalog(new Zones()), agent.fetcher(), sessions, own);
  }

  private List<PartitionData> fetch(Zone own, String rack) throws InterruptedException {
    List<PartitionData> answers = new ArrayList<>();
    ask(handler(own), request(rack, 0, -1))
        .data()
        .responses()
        .forEach(each -> answers.addAll(each.partitions()));
    assertThat(answers).hasSize(PARTITIONS);
    return answers;
  }

  @Test
  void aConsumerOfAnotherZoneIsSentToTheAgentsThere() throws InterruptedException {
    cluster.commit(Run.of(new PartitionId(topic, 0), TestBatch.of(1, "a")));
    TreeSet<Integer> named = new TreeSet<>();
    for (PartitionData answer : fetch(B, "a")) {
      assertThat(answer.errorCode()).isEqualTo(Errors.NONE.code());
      assertThat(FetchResponse.recordsSize(answer)).isZero();
      named.add(answer.preferredReadReplica());
    }
    assertThat(named).containsExactly(2, 3);
  }

  @Test
  void whoIsInItsZoneOrNamesNoneOrOneWithoutAgentsIsServed() throws InterruptedException {
    cluster.commit(Run.of(new PartitionId(topic, 0), TestBatch.of(1, "a")));
    for (String rack : List.of("b", "", "nowhere", "x".repeat(1_000))) {
      List<PartitionData> answers = fetch(B, rack);
      assertThat(answers).allMatch(answer -> answer.preferredReadReplica() == -1);
      assertThat(FetchResponse.recordsSize(answers.getFirst())).isPositive();
    }
    assertThat(fetch(A, "a")).allMatch(answer -> answer.preferredReadReplica() == -1);
  }

  @Test
  void nobodyIsSentToAnAgentThatItsMetadataDoesNotShow() throws InterruptedException {
    // A client that names no zone in its id is shown the agents without one, where there are any.
    agents = List.of(agent(1, Zone.NONE), agent(2, A));
    cluster.commit(Run.of(new PartitionId(topic, 0), TestBatch.of(1, "a")));
    assertThat(fetch(Zone.NONE, "a")).allMatch(answer -> answer.preferredReadReplica() == -1);
  }

  @Test
  void aSessionIsToldAgainWhoIsNearer() throws InterruptedException {
    FetchHandler handler = handler(B);
    FetchResponse full = ask(handler, request("a", 0, 0));
    FetchResponse next = ask(handler, request("a", full.sessionId(), 1));
    assertThat(next.data().responses().getFirst().partitions())
        .hasSize(PARTITIONS)
        .allMatch(answer -> answer.preferredReadReplica() >= 2);
  }
}
