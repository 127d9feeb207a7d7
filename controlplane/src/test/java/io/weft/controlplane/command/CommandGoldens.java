package io.weft.controlplane.command;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.CommitFeed.Event;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.ExtentIndex.ExtentQuery;
import io.weft.controlplane.api.ExtentIndex.ExtentsFound;
import io.weft.controlplane.api.ExtentIndex.TimeQuery;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.FileLedger.LeaseOutcome;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.api.Groups;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Membership.Address;
import io.weft.controlplane.api.Membership.Advertised;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.Membership.NeighbourKey;
import io.weft.controlplane.api.Membership.Profile;
import io.weft.controlplane.api.Membership.Registered;
import io.weft.controlplane.api.Membership.Role;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.Producers;
import io.weft.controlplane.api.Producers.ProducerIds;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.ShareGroups;
import io.weft.controlplane.api.ShareGroups.AcknowledgeOrder;
import io.weft.controlplane.api.ShareGroups.AcknowledgeOutcome;
import io.weft.controlplane.api.ShareGroups.AcknowledgedPartition;
import io.weft.controlplane.api.ShareGroups.AcknowledgedRun;
import io.weft.controlplane.api.ShareGroups.Acknowledgement;
import io.weft.controlplane.api.ShareGroups.AcquireOrder;
import io.weft.controlplane.api.ShareGroups.Acquired;
import io.weft.controlplane.api.ShareGroups.AcquiredRun;
import io.weft.controlplane.api.ShareGroups.Acquisition;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.ConfigureOutcome;
import io.weft.controlplane.api.TopicCatalog.CreateOutcome;
import io.weft.controlplane.api.TopicCatalog.DeleteOutcome;
import io.weft.controlplane.api.TopicCatalog.GrowOutcome;
import io.weft.controlplane.api.TopicCatalog.Members;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.TopicCatalog.Page;
import io.weft.controlplane.api.TopicCatalog.Position;
import io.weft.controlplane.api.TopicCatalog.RecordsBefore;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.TransactionStep;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.api.transaction.Transactions.ActiveProducer;
import io.weft.controlplane.api.transaction.Transactions.Description;
import io.weft.controlplane.api.transaction.Transactions.Filter;
import io.weft.controlplane.api.transaction.Transactions.Listed;
import io.weft.controlplane.api.transaction.Transactions.Outcome;
import io.weft.controlplane.api.transaction.Transactions.Refusal;
import io.weft.controlplane.api.transaction.Transactions.State;
import io.weft.model.AbortedRange;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.ListenerName;
import io.weft.model.Marker;
import io.weft.model.OpaqueBytes;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/// The values behind the golden bytes. To be added to, never changed.
final class CommandGoldens {
  private static final AgentId AGENT = new AgentId(3);
  private static final TopicId TOPIC = new TopicId(0x0102030405060708L, 0x090A0B0C0D0E0F10L);
  private static final PartitionId FIRST = new PartitionId(TOPIC, 0);
  private static final PartitionId SECOND = new PartitionId(TOPIC, 300);
  private static final PartitionBounds BOUNDS = new PartitionBounds(10, 1_000, 900);
  private static final Extent EXTENT = new Extent(77, 4_096, 512, 900, 949, 1_700_000, -1);
  private static final Extent NEXT = new Extent(78, 16, 100, 950, 999, 1_700_001, -1);
  private static final Marker MARKER = new Marker(1_000, 2_001, (short) 7, false, 950, 1_700_002);
  private static final ProducerEpoch PRODUCER = new ProducerEpoch(2_001, (short) 7);
  private static final AbortedRange ABORTED = new AbortedRange(2_001, 950, 1_000);
  private static final Map<String, String> SETTINGS =
      Map.of("retention.ms", "1000", "cleanup.policy", "compact");

  private CommandGoldens() {}

  /// In the order of their kinds.
  static List<Asked<?>> asked() {
    return Stream.of(
            ofFilesAndTopics(),
            ofGroups(),
            ofTransactions(),
            ofShareGroups(),
            AdminGoldens.asked(),
            ReleaseGoldens.asked(),
            ReleaseGoldens.cleaning())
        .<Asked<?>>flatMap(List::stream)
        .toList();
  }

  /// Questions of the first level that say more from the second one on.
  static List<Asked<?>> grown() {
    Optional<Address> reached = Optional.of(new Address("host", 9_093));
    Optional<Profile> profile =
        Optional.of(new Profile("backfills", Set.of(Role.CONSUME, Role.JOBS)));
    List<Advertised> listeners =
        List.of(
            new Advertised(new ListenerName("INTERNAL"), "host", 9_092),
            new Advertised(new ListenerName("EXTERNAL"), "lb.example.com", 19_093));
    Zone zone = new Zone("eu-1a");
    Members members =
        new Members(
            2,
            List.of(
                new Agent(AGENT, zone, "host", 9_092, reached, profile, listeners),
                new Agent(new AgentId(4), zone, "host", 9_093)));
    return List.of(
        new Asked<>(
            Command.of(
                Membership.class,
                it ->
                    it.register(new UUID(1, 2), zone, "host", 9_092, reached, profile, listeners)),
            new Registered(
                AGENT,
                "cluster",
                15_000,
                List.of(new NeighbourKey(7, OpaqueBytes.of(new byte[] {1, -2, 3}))))),
        new Asked<>(
            Command.of(TopicCatalog.class, it -> it.page(Position.NOWHERE)),
            new Page(
                "cluster",
                false,
                List.of(),
                List.of(),
                Optional.of(members),
                new Position(7, 2, Optional.empty()),
                false)),
        commit(true));
  }

  private static List<Asked<?>> ofFilesAndTopics() {
    return List.of(
        commit(),
        new Asked<>(
            Command.of(FileLedger.class, it -> it.lease(AGENT, 100)),
            new LeaseOutcome.Leased(5_000, 100, 60_000)),
        new Asked<>(
            Command.of(Producers.class, it -> it.leaseIds(AGENT, 10)), new ProducerIds(2_000, 10)),
        new Asked<>(
            Command.of(
                ExtentIndex.class,
                it ->
                    it.find(
                        List.of(
                            new ExtentQuery(FIRST, 900, 1 << 20),
                            new ExtentQuery(SECOND, 5, 1),
                            new ExtentQuery(SECOND, 6, 1)))),
            List.of(
                new ExtentsFound.Found(BOUNDS, List.of(EXTENT, NEXT, MARKER), List.of(ABORTED)),
                new ExtentsFound.OutOfRange(BOUNDS),
                new ExtentsFound.UnknownPartition())),
        new Asked<>(
            Command.of(
                ExtentIndex.class,
                it -> it.findByTime(List.of(new TimeQuery(FIRST, TimeQuery.MAX_TIMESTAMP)))),
            List.of(new ExtentsFound.Found(BOUNDS, List.of(NEXT), List.of()))),
        new Asked<>(
            Command.of(ExtentIndex.class, it -> it.sizes(List.of(FIRST, SECOND))),
            List.of(1L << 40, -1L)),
        new Asked<>(
            Command.of(TopicCatalog.class, it -> it.page(new Position(7, 1, Optional.of("nuts")))),
            page()),
        new Asked<>(
            Command.of(
                TopicCatalog.class,
                it -> it.create(new NewTopic(TOPIC, "orders", 12, (short) 3, SETTINGS))),
            CreateOutcome.NAME_COLLIDES),
        new Asked<>(Command.of(TopicCatalog.class, it -> it.delete(TOPIC)), true),
        new Asked<>(Command.of(TopicCatalog.class, it -> it.grow(TOPIC, 24)), GrowOutcome.NOT_MORE),
        new Asked<>(
            Command.of(TopicCatalog.class, it -> it.configure(TOPIC, 4, SETTINGS)),
            ConfigureOutcome.VERSION_CHANGED),
        new Asked<>(
            Command.of(
                Membership.class,
                it -> it.register(new UUID(1, 2), new Zone("eu-1a"), "host", 9_092)),
            new Registered(AGENT, "cluster", 30_000)),
        new Asked<>(Command.of(Membership.class, it -> it.renew(AGENT)), false),
        new Asked<>(
            Command.of(
                Membership.class,
                it -> {
                  it.leave(AGENT);
                  return true;
                }),
            true));
  }

  private static List<Asked<?>> ofGroups() {
    return List.of(
        new Asked<>(
            Command.of(
                Groups.class,
                it ->
                    it.coordinate(
                        new GroupRequest(
                            (short) 12,
                            (short) 4,
                            new GroupRequest.Client("client", "10.0.0.7", "User:anna"),
                            30_000,
                            OpaqueBytes.of(new byte[] {1, -2, 3})))),
            OpaqueBytes.of(new byte[] {4, 5})),
        new Asked<>(
            Command.of(
                TopicCatalog.class,
                it ->
                    it.deleteRecords(
                        List.of(
                            new RecordsBefore(FIRST, 950),
                            new RecordsBefore(SECOND, RecordsBefore.HIGH_WATERMARK),
                            new RecordsBefore(SECOND, -2)))),
            List.of(
                new DeleteOutcome.Deleted(950),
                new DeleteOutcome.UnknownPartition(),
                new DeleteOutcome.OutOfRange())));
  }

  private static List<Asked<?>> ofTransactions() {
    return List.of(
        new Asked<>(
            Command.of(
                Transactions.class,
                it ->
                    it.take(
                        new TransactionStep.AddPartitions(
                            new TransactionStep.Caller("pay", AGENT, 77),
                            PRODUCER,
                            List.of(FIRST, SECOND)))),
            new Outcome.Refused(Refusal.FENCED)),
        new Asked<>(
            Command.of(Transactions.class, it -> it.describe(List.of("pay", "nobody"))),
            List.of(
                Optional.of(
                    new Description(
                        State.ONGOING, PRODUCER, 60_000, 1_700_000, List.of(FIRST, SECOND))),
                Optional.empty())),
        new Asked<>(
            Command.of(
                Transactions.class,
                it ->
                    it.list(
                        new Filter(Set.of(2_001L), Set.of(State.COMPLETE_ABORT), 5_000), "pay")),
            List.of(new Listed("play", 2_001, State.COMPLETE_ABORT))),
        new Asked<>(
            Command.of(Transactions.class, it -> it.producers(List.of(FIRST, SECOND))),
            List.of(
                Optional.of(List.of(new ActiveProducer(PRODUCER, 11, 1_700_000, true, 950))),
                Optional.empty())));
  }

  private static List<Asked<?>> ofShareGroups() {
    return List.of(
        new Asked<>(
            Command.of(
                ShareGroups.class,
                it ->
                    it.acquire(
                        new AcquireOrder(
                            0x1122334455667788L,
                            "queue",
                            "member",
                            List.of(FIRST, SECOND),
                            500,
                            1 << 20,
                            1))),
            new Acquisition(
                30_000,
                true,
                List.of(
                    new Acquired.Runs(
                        BOUNDS,
                        true,
                        List.of(new AcquiredRun(900, 909, 1), new AcquiredRun(920, 920, 3))),
                    new Acquired.NeedsStart(1_700_000)))),
        new Asked<>(
            Command.of(
                ShareGroups.class,
                it ->
                    it.acknowledge(
                        new AcknowledgeOrder(
                            0x1122334455667789L,
                            "queue",
                            "member",
                            List.of(
                                new AcknowledgedPartition(
                                    FIRST,
                                    List.of(
                                        new AcknowledgedRun(900, 908, Acknowledgement.ACCEPT),
                                        new AcknowledgedRun(909, 909, Acknowledgement.RENEW))),
                                new AcknowledgedPartition(SECOND, List.of()))))),
            List.of(AcknowledgeOutcome.DONE, AcknowledgeOutcome.NOT_BEGUN)),
        new Asked<>(
            Command.of(ShareGroups.class, it -> it.release("queue", "member", List.of(FIRST))),
            true),
        new Asked<>(
            Command.of(
                ShareGroups.class,
                it -> it.begin("queue", List.of(FIRST, SECOND), Optional.empty())),
            false),
        new Asked<>(Command.of(ShareGroups.class, it -> it.startAt("queue", FIRST, 900)), true));
  }

  static List<FeedRequest> feedRequests() {
    return List.of(
        new FeedRequest.Open(AGENT),
        new FeedRequest.Watch(List.of(FIRST, SECOND)),
        new FeedRequest.Unwatch(List.of(SECOND)));
  }

  static List<Event> events() {
    return List.of(
        new Event.CatalogChanged(9),
        new Event.Baseline(FIRST, BOUNDS),
        new Event.Advanced(FIRST, BOUNDS, List.of(EXTENT, NEXT, MARKER)),
        new Event.Gone(SECOND));
  }

  static Asked<List<FileOutcome>> commit() {
    return commit(false);
  }

  private static Asked<List<FileOutcome>> commit(boolean tells) {
    UploadedBatches idempotent =
        new UploadedBatches(
            FIRST,
            new int[] {500, 700},
            new int[] {5, 7},
            new long[] {1_700_000, 1_700_010},
            new long[] {2_000, 2_000},
            new short[] {1, 1},
            new int[] {0, 5},
            new byte[] {0, 1},
            new long[] {0, 0x0102_0304_0506_0708L});
    UploadedBatches plain =
        new UploadedBatches(
            SECOND,
            new int[] {80},
            new int[] {1},
            new long[] {-1},
            new long[] {-1},
            new short[] {-1},
            new int[] {-1},
            new byte[] {0});
    BatchOutcomes placed =
        new BatchOutcomes(new byte[] {0, 1}, new long[] {100, 40}, new long[] {-1, -1}, 10);
    BatchOutcomes refused = new BatchOutcomes(new byte[] {5}, new long[] {-1}, new long[] {-1}, -1);
    return new Asked<>(
        Command.of(
            Sequencer.class,
            it ->
                it.commit(
                    AGENT,
                    70,
                    List.of(
                        new UploadedFile(
                            77,
                            1_400,
                            16,
                            List.of(
                                tells
                                    ? idempotent.withChecksums(new int[] {0x0102_0304, -1})
                                    : idempotent,
                                plain)),
                        new UploadedFile(78, 120, 16, List.of(plain))))),
        List.of(new FileOutcome.Committed(List.of(placed, refused)), new FileOutcome.Expired()));
  }

  private static Page page() {
    return new Page(
        "cluster",
        false,
        List.of(new Topic(TOPIC, "orders", 12, (short) 3, 4, SETTINGS)),
        List.of(new TopicId(5, 6)),
        Optional.of(new Members(2, List.of(new Agent(AGENT, new Zone("eu-1a"), "host", 9_092)))),
        new Position(9, 2, Optional.empty()),
        true);
  }
}
