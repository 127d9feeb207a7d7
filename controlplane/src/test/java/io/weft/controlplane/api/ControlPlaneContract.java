package io.weft.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.controlplane.api.CommitFeed.Event;
import io.weft.controlplane.api.ExtentIndex.ExtentQuery;
import io.weft.controlplane.api.ExtentIndex.ExtentsFound;
import io.weft.controlplane.api.ExtentIndex.TimeQuery;
import io.weft.controlplane.api.FileLedger.LeaseOutcome;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.Membership.Registered;
import io.weft.controlplane.api.Producers.ProducerIds;
import io.weft.controlplane.api.TopicCatalog.Catalog;
import io.weft.controlplane.api.TopicCatalog.ConfigureOutcome;
import io.weft.controlplane.api.TopicCatalog.CreateOutcome;
import io.weft.controlplane.api.TopicCatalog.DeleteOutcome;
import io.weft.controlplane.api.TopicCatalog.GrowOutcome;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.TopicCatalog.RecordsBefore;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every way to a control plane must do: in one process, over a network. A form extends this
/// and opens a fresh one each time.
public abstract class ControlPlaneContract extends CatalogContract {
  private static final TopicId ORDERS = new TopicId(7, 1);
  private static final PartitionId P0 = new PartitionId(ORDERS, 0);
  private static final PartitionId P1 = new PartitionId(ORDERS, 1);
  private static final UUID INSTANCE = new UUID(1, 1);

  private ControlPlane plane;

  /// A control plane nobody used before, ready to answer. Closing it ends all that belongs to it.
  protected abstract ControlPlane open() throws Exception;

  @Override
  protected ControlPlane plane() {
    return plane;
  }

  @BeforeEach
  void openPlane() throws Exception {
    plane = open();
  }

  @AfterEach
  void closePlane() {
    plane.close();
  }

  // Topics

  @Test
  public void aTopicOnceCreatedIsInTheCatalog() {
    assertThat(plane.as(TopicCatalog.class).create(orders(Map.of("retention.ms", "1000"))))
        .isEqualTo(CreateOutcome.CREATED);
    Catalog catalog = catalog();
    assertThat(catalog.clusterId()).isNotEmpty();
    assertThat(catalog.topics()).hasSize(1);
    Topic topic = catalog.topics().getFirst();
    assertThat(topic.id()).isEqualTo(ORDERS);
    assertThat(topic.name()).isEqualTo("orders");
    assertThat(topic.partitions()).isEqualTo(2);
    assertThat(topic.replicationFactor()).isEqualTo((short) 3);
    assertThat(topic.settings()).isEqualTo(Map.of("retention.ms", "1000"));
  }

  @Test
  public void creatingATopicAgainGivesTheSameAnswer() {
    plane.as(TopicCatalog.class).create(orders(Map.of()));
    assertThat(plane.as(TopicCatalog.class).create(orders(Map.of())))
        .isEqualTo(CreateOutcome.CREATED);
    assertThat(catalog().topics()).hasSize(1);
  }

  @Test
  public void aNameIsGivenOnce() {
    plane.as(TopicCatalog.class).create(orders(Map.of()));
    assertThat(plane.as(TopicCatalog.class).create(topic(new TopicId(7, 2), "orders", 1)))
        .isEqualTo(CreateOutcome.NAME_TAKEN);
  }

  @Test
  public void namesThatDifferInDotAndUnderscoreCollide() {
    plane.as(TopicCatalog.class).create(topic(new TopicId(7, 2), "a.b", 1));
    assertThat(plane.as(TopicCatalog.class).create(topic(new TopicId(7, 3), "a_b", 1)))
        .isEqualTo(CreateOutcome.NAME_COLLIDES);
  }

  @Test
  public void aDeletedTopicIsGone() {
    plane.as(TopicCatalog.class).create(orders(Map.of()));
    assertThat(plane.as(TopicCatalog.class).delete(ORDERS)).isTrue();
    assertThat(plane.as(TopicCatalog.class).delete(ORDERS)).isFalse();
    assertThat(catalog().topics()).isEmpty();
    assertThat(plane.as(ExtentIndex.class).find(List.of(new ExtentQuery(P0, 0, 1))))
        .singleElement()
        .isInstanceOf(ExtentsFound.UnknownPartition.class);
  }

  @Test
  public void aTopicGrowsAndNeverShrinks() {
    plane.as(TopicCatalog.class).create(orders(Map.of()));
    assertThat(plane.as(TopicCatalog.class).grow(ORDERS, 5)).isEqualTo(GrowOutcome.GROWN);
    assertThat(plane.as(TopicCatalog.class).grow(ORDERS, 5)).isEqualTo(GrowOutcome.NOT_MORE);
    assertThat(plane.as(TopicCatalog.class).grow(ORDERS, 4)).isEqualTo(GrowOutcome.NOT_MORE);
    assertThat(plane.as(TopicCatalog.class).grow(new TopicId(9, 9), 4))
        .isEqualTo(GrowOutcome.UNKNOWN_TOPIC);
    assertThat(catalog().topics().getFirst().partitions()).isEqualTo(5);
  }

  @Test
  public void settingsAreReplacedOnlyAsTheyWereRead() {
    plane.as(TopicCatalog.class).create(orders(Map.of()));
    long version = catalog().topics().getFirst().settingsVersion();
    Map<String, String> settings = Map.of("max.message.bytes", "5");
    assertThat(plane.as(TopicCatalog.class).configure(ORDERS, version, settings))
        .isEqualTo(ConfigureOutcome.CONFIGURED);
    assertThat(plane.as(TopicCatalog.class).configure(ORDERS, version, Map.of("x", "y")))
        .isEqualTo(ConfigureOutcome.VERSION_CHANGED);
    assertThat(plane.as(TopicCatalog.class).configure(new TopicId(9, 9), 0, settings))
        .isEqualTo(ConfigureOutcome.UNKNOWN_TOPIC);
    assertThat(catalog().topics().getFirst().settings()).isEqualTo(settings);
  }

  @Test
  public void anUnchangedCatalogIsNotSentAgain() {
    Catalog before = catalog();
    assertThat(plane.as(TopicCatalog.class).read(before.version())).isEmpty();
    plane.as(TopicCatalog.class).create(orders(Map.of()));
    Catalog after = plane.as(TopicCatalog.class).read(before.version()).orElseThrow();
    assertThat(after.version()).isGreaterThan(before.version());
  }

  // Agents

  @Test
  public void anAgentIsKnownUntilItLeaves() {
    Registered registered = register();
    assertThat(registered.clusterId()).isEqualTo(catalog().clusterId());
    assertThat(registered.leaseMs()).isPositive();
    assertThat(catalog().agents())
        .containsExactly(new Agent(registered.id(), new Zone("a"), "host-1", 9092));
    assertThat(plane.as(Membership.class).renew(registered.id())).isTrue();
    plane.as(Membership.class).leave(registered.id());
    assertThat(plane.as(Membership.class).renew(registered.id())).isFalse();
    assertThat(catalog().agents()).isEmpty();
  }

  @Test
  public void registeringAgainGivesTheSameId() {
    assertThat(register().id()).isEqualTo(register().id());
  }

  @Test
  public void anAgentThatCameBackIsAnother() {
    AgentId first = register().id();
    plane.as(Membership.class).leave(first);
    AgentId second =
        plane.as(Membership.class).register(new UUID(1, 2), new Zone("a"), "host-1", 9092).id();
    assertThat(second).isNotEqualTo(first);
  }

  @Test
  public void aStrangerDoesNotRenew() {
    assertThat(plane.as(Membership.class).renew(new AgentId(4_711))).isFalse();
    plane.as(Membership.class).leave(new AgentId(4_711));
  }

  // Ids

  @Test
  public void producerIdsAreGivenOnce() {
    AgentId agent = register().id();
    ProducerIds first = plane.as(Producers.class).leaseIds(agent, 100);
    ProducerIds second = plane.as(Producers.class).leaseIds(agent, 100);
    assertThat(first.count()).isPositive();
    assertThat(second.first()).isGreaterThanOrEqualTo(first.first() + first.count());
  }

  @Test
  public void fileIdsAreGivenOnceAndRise() {
    AgentId agent = register().id();
    LeaseOutcome.Leased first = lease(agent);
    LeaseOutcome.Leased second = lease(agent);
    assertThat(first.usableMs()).isPositive();
    assertThat(second.first()).isGreaterThanOrEqualTo(first.first() + first.count());
    assertThat(plane.as(FileLedger.class).lease(new AgentId(4_711), 1))
        .isInstanceOf(LeaseOutcome.UnknownAgent.class);
  }

  @Test
  public void moreThanALimitIsRejected() {
    AgentId agent = register().id();
    assertThatThrownBy(
            () -> plane.as(FileLedger.class).lease(agent, FileLedger.IDS_PER_LEASE_MAX + 1))
        .isInstanceOf(ControlPlaneException.Rejected.class);
    assertThat(lease(agent).count()).isPositive();
  }

  // Commits

  @Test
  public void batchesGetDenseOffsetsInTheOrderOfTheirFiles() {
    AgentId agent = agentWithTopic();
    long file = lease(agent).first();
    assertThat(placed(commit(agent, file, batches(P0, 3, 2)))).containsExactly(0, 3);
    assertThat(placed(commit(agent, file + 1, batches(P0, 4)))).containsExactly(5);
    assertThat(placed(commit(agent, file + 2, batches(P1, 1)))).containsExactly(0);
  }

  @Test
  public void aCommitRepeatedIsTheSameCommit() {
    AgentId agent = agentWithTopic();
    long file = lease(agent).first();
    FileOutcome first = commit(agent, file, batches(P0, 3));
    FileOutcome again = commit(agent, file, batches(P0, 3));
    assertThat(placed(again)).isEqualTo(placed(first));
    assertThat(found(P0, 0).bounds().highWatermark()).isEqualTo(3);
  }

  @Test
  public void aFileOfNobodysIsExpired() {
    AgentId agent = agentWithTopic();
    assertThat(commit(agent, 1_000_000, batches(P0, 3))).isInstanceOf(FileOutcome.Expired.class);
    assertThat(found(P0, 0).bounds().highWatermark()).isZero();
  }

  @Test
  public void aBatchWithoutAPartitionIsRefusedAlone() {
    AgentId agent = agentWithTopic();
    PartitionId unknown = new PartitionId(new TopicId(9, 9), 0);
    FileOutcome.Committed outcome =
        (FileOutcome.Committed)
            commit(agent, lease(agent).first(), batches(P0, 3), batches(unknown, 1));
    assertThat(outcome.partitions().get(0).verdict(0)).isEqualTo(Verdict.PLACED);
    assertThat(outcome.partitions().get(1).verdict(0)).isEqualTo(Verdict.UNKNOWN_PARTITION);
  }

  @Test
  public void anIdempotentProducersBatchIsPlacedOnce() {
    AgentId agent = agentWithTopic();
    long producer = plane.as(Producers.class).leaseIds(agent, 1).first();
    long file = lease(agent).first();
    FileOutcome.Committed first =
        (FileOutcome.Committed) commit(agent, file, sequenced(producer, 0, 2));
    FileOutcome.Committed again =
        (FileOutcome.Committed) commit(agent, file + 1, sequenced(producer, 0, 2));
    FileOutcome.Committed skipping =
        (FileOutcome.Committed) commit(agent, file + 2, sequenced(producer, 9, 2));
    assertThat(first.partitions().getFirst().verdict(0)).isEqualTo(Verdict.PLACED);
    assertThat(again.partitions().getFirst().verdict(0)).isEqualTo(Verdict.DUPLICATE);
    assertThat(again.partitions().getFirst().baseOffsets()).containsExactly(0);
    assertThat(skipping.partitions().getFirst().verdict(0))
        .isEqualTo(Verdict.OUT_OF_ORDER_SEQUENCE);
  }

  // Extents

  @Test
  public void extentsAreFoundByOffset() {
    AgentId agent = agentWithTopic();
    long file = lease(agent).first();
    for (int i = 0; i < 5; i++) {
      commit(agent, file + i, batches(P0, 10));
    }
    ExtentsFound.Found all = found(P0, 0);
    assertThat(all.bounds()).isEqualTo(new PartitionBounds(0, 50, 50));
    assertThat(all.spans()).extracting(Span::baseOffset).containsExactly(0L, 10L, 20L, 30L, 40L);
    assertThat(all.spans()).extracting(span -> ((Extent) span).fileId()).startsWith(file, file + 1);
    assertThat(found(P0, 25).spans()).extracting(Span::baseOffset).startsWith(20L);
    assertThat(found(P0, 50).spans()).isEmpty();
  }

  @Test
  public void outsideTheLogIsOutOfRange() {
    agentWithTopic();
    List<ExtentsFound> answers =
        plane
            .as(ExtentIndex.class)
            .find(
                List.of(
                    new ExtentQuery(P0, 1, 1_000),
                    new ExtentQuery(new PartitionId(ORDERS, 99), 0, 1_000)));
    assertThat(answers.get(0)).isInstanceOf(ExtentsFound.OutOfRange.class);
    assertThat(answers.get(1)).isInstanceOf(ExtentsFound.UnknownPartition.class);
  }

  @Test
  public void extentsAreFoundByTime() {
    AgentId agent = agentWithTopic();
    long file = lease(agent).first();
    commit(agent, file, timed(100));
    commit(agent, file + 1, timed(300));
    commit(agent, file + 2, timed(200));
    List<ExtentsFound> answers =
        plane
            .as(ExtentIndex.class)
            .findByTime(
                List.of(
                    new TimeQuery(P0, 150),
                    new TimeQuery(P0, 301),
                    new TimeQuery(P0, TimeQuery.MAX_TIMESTAMP)));
    assertThat(((ExtentsFound.Found) answers.get(0)).spans().getFirst().baseOffset()).isEqualTo(1);
    assertThat(((ExtentsFound.Found) answers.get(1)).spans()).isEmpty();
    assertThat(((ExtentsFound.Found) answers.get(2)).spans().getFirst().maxTimestampMs())
        .isEqualTo(300);
  }

  @Test
  public void sizesAreTheBytesOfTheLog() {
    AgentId agent = agentWithTopic();
    commit(agent, lease(agent).first(), batches(P0, 10, 10));
    assertThat(plane.as(ExtentIndex.class).sizes(List.of(P0, P1, new PartitionId(ORDERS, 99))))
        .containsExactly(200L, 0L, -1L);
  }

  // The feed

  @Test
  public void theFeedTellsTheBaselineAndWhatFollows() throws InterruptedException {
    AgentId agent = agentWithTopic();
    long file = lease(agent).first();
    commit(agent, file, batches(P0, 3));
    HeardFeed heard = new HeardFeed();
    try (var subscription = plane.feed().open(agent, heard)) {
      subscription.watch(List.of(P0));
      Event.Baseline baseline = heard.next(Event.Baseline.class);
      assertThat(baseline.partition()).isEqualTo(P0);
      assertThat(baseline.bounds().highWatermark()).isEqualTo(3);
      commit(agent, file + 1, batches(P0, 2));
      Event.Advanced advanced = heard.next(Event.Advanced.class);
      assertThat(advanced.bounds().highWatermark()).isEqualTo(5);
      assertThat(advanced.appended())
          .singleElement()
          .satisfies(extent -> assertThat(((Extent) extent).fileId()).isEqualTo(file + 1));
    }
  }

  @Test
  public void theFeedTellsOfTopicsThatComeAndGo() throws InterruptedException {
    AgentId agent = agentWithTopic();
    HeardFeed heard = new HeardFeed();
    try (var subscription = plane.feed().open(agent, heard)) {
      subscription.watch(List.of(P0));
      heard.next(Event.Baseline.class);
      plane.as(TopicCatalog.class).delete(ORDERS);
      assertThat(heard.next(Event.Gone.class).partition()).isEqualTo(P0);
      long version = catalog().version();
      Event.CatalogChanged changed = heard.next(Event.CatalogChanged.class);
      while (changed.version() < version) {
        changed = heard.next(Event.CatalogChanged.class);
      }
      assertThat(changed.version()).isEqualTo(version);
    }
  }

  @Test
  public void theFeedSaysGoneOfAnUnknownPartition() throws InterruptedException {
    AgentId agent = agentWithTopic();
    PartitionId unknown = new PartitionId(ORDERS, 99);
    HeardFeed heard = new HeardFeed();
    try (var subscription = plane.feed().open(agent, heard)) {
      subscription.watch(List.of(unknown));
      assertThat(heard.next(Event.Gone.class).partition()).isEqualTo(unknown);
    }
  }

  private Catalog catalog() {
    return plane.as(TopicCatalog.class).read(-1).orElseThrow();
  }

  private Registered register() {
    return plane.as(Membership.class).register(INSTANCE, new Zone("a"), "host-1", 9092);
  }

  private AgentId agentWithTopic() {
    plane.as(TopicCatalog.class).create(orders(Map.of()));
    return register().id();
  }

  @Test
  public void deletedRecordsAreOutOfRange() {
    AgentId agent = agentWithTopic();
    long file = lease(agent).first();
    commit(agent, file, batches(P0, 10));
    commit(agent, file + 1, batches(P0, 10));
    PartitionId absent = new PartitionId(ORDERS, 99);
    assertThat(
            plane
                .as(TopicCatalog.class)
                .deleteRecords(
                    List.of(
                        new RecordsBefore(P0, 13),
                        new RecordsBefore(P0, 5),
                        new RecordsBefore(P0, 21),
                        new RecordsBefore(P1, RecordsBefore.HIGH_WATERMARK),
                        new RecordsBefore(absent, 0))))
        .containsExactly(
            new DeleteOutcome.Deleted(13),
            new DeleteOutcome.Deleted(13),
            new DeleteOutcome.OutOfRange(),
            new DeleteOutcome.Deleted(0),
            new DeleteOutcome.UnknownPartition());
    assertThat(plane.as(ExtentIndex.class).find(List.of(new ExtentQuery(P0, 12, 1_000))))
        .containsExactly(new ExtentsFound.OutOfRange(new PartitionBounds(13, 20, 20)));
    assertThat(found(P0, 13).spans()).extracting(Span::baseOffset).containsExactly(10L);
    assertThat(plane.as(ExtentIndex.class).sizes(List.of(P0))).containsExactly(100L);
  }

  private LeaseOutcome.Leased lease(AgentId agent) {
    return (LeaseOutcome.Leased) plane.as(FileLedger.class).lease(agent, 10);
  }

  private ExtentsFound.Found found(PartitionId partition, long offset) {
    return (ExtentsFound.Found)
        plane
            .as(ExtentIndex.class)
            .find(List.of(new ExtentQuery(partition, offset, 1 << 20)))
            .getFirst();
  }

  private FileOutcome commit(AgentId agent, long fileId, UploadedBatches... runs) {
    UploadedFile file = new UploadedFile(fileId, 1_000, 32, List.of(runs));
    return plane.as(Sequencer.class).commit(agent, 0, List.of(file)).getFirst();
  }

  private static long[] placed(FileOutcome outcome) {
    return ((FileOutcome.Committed) outcome).partitions().getFirst().baseOffsets();
  }

  private static NewTopic orders(Map<String, String> settings) {
    return new NewTopic(ORDERS, "orders", 2, (short) 3, settings);
  }

  private static NewTopic topic(TopicId id, String name, int partitions) {
    return new NewTopic(id, name, partitions, (short) 1, Map.of());
  }

  private static UploadedBatches batches(PartitionId partition, int... records) {
    return UploadedRuns.plain(partition, records);
  }

  private static UploadedBatches sequenced(long producer, int sequence, int records) {
    return UploadedRuns.sequenced(P0, producer, sequence, records);
  }

  private static UploadedBatches timed(long timestampMs) {
    return UploadedRuns.timed(P0, timestampMs);
  }
}
