package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.ExtentIndex.ExtentQuery;
import io.weft.controlplane.api.ExtentIndex.ExtentsFound;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.ShareGroups;
import io.weft.controlplane.api.ShareGroups.AcquireOrder;
import io.weft.controlplane.api.ShareGroups.Acquired;
import io.weft.controlplane.api.ShareGroups.AcquiredRun;
import io.weft.controlplane.api.ShareGroups.Acquisition;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.Page;
import io.weft.controlplane.api.TopicCatalog.Position;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.controlplane.api.admin.Quorum;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ResourceSettings.Configured;
import io.weft.controlplane.api.admin.ResourceSettings.Resource;
import io.weft.controlplane.api.admin.ScramCredentials;
import io.weft.controlplane.api.admin.ScramCredentials.Described;
import io.weft.controlplane.api.admin.ScramCredentials.Mechanism;
import io.weft.controlplane.command.Command;
import io.weft.model.AbortedRange;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.model.TopicId;
import io.weft.simulated.SimulatedWorld;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class WeightTest {
  private static final long SEED = 71;
  private static final int MANY = 1_000;
  private static final PartitionId P0 = new PartitionId(Seats.topic("t", 2).id(), 0);
  private static final PartitionBounds BOUNDS = new PartitionBounds(0, 9, 9);

  @Test
  void spansAndAbortedRangesCount() {
    List<Span> spans = Collections.nCopies(MANY, new Extent(1, 0, 9, 0, 9, -1, -1));
    List<AbortedRange> aborted = Collections.nCopies(MANY, new AbortedRange(1, 2, 3));
    Command<List<ExtentsFound>> find = Command.of(ExtentIndex.class, it -> it.find(List.of()));
    Command<List<ExtentsFound>> findByTime =
        Command.of(ExtentIndex.class, it -> it.findByTime(List.of()));
    List<ExtentsFound> bySpans = List.of(new ExtentsFound.Found(BOUNDS, spans, List.of()));
    List<ExtentsFound> byAborted = List.of(new ExtentsFound.Found(BOUNDS, List.of(), aborted));

    assertThat(weight(find, bySpans)).isEqualTo((MANY + 1) * 64);
    assertThat(weight(findByTime, bySpans)).isEqualTo((MANY + 1) * 64);
    assertThat(weight(find, byAborted)).isEqualTo((MANY + 1) * 64);
    assertThat(weight(find, List.of(new ExtentsFound.UnknownPartition()))).isEqualTo(64);
  }

  @Test
  void whatBecameOfBatchesCounts() {
    BatchOutcomes batches = new BatchOutcomes(new byte[MANY], new long[MANY], new long[MANY], 0);
    List<FileOutcome> reply =
        List.of(new FileOutcome.Committed(List.of(batches)), new FileOutcome.Expired());

    assertThat(
            weight(
                Command.of(Sequencer.class, it -> it.commit(new AgentId(1), 0, List.of())), reply))
        .isEqualTo(3 * 64 + MANY * 17);
  }

  @Test
  void acquiredRunsCount() {
    Acquired runs =
        new Acquired.Runs(BOUNDS, false, Collections.nCopies(MANY, new AcquiredRun(1, 2, 1)));
    AcquireOrder order = new AcquireOrder(1, "g", "m", List.of(P0), 1, 1, 0);
    Acquisition reply = new Acquisition(1, false, List.of(runs, new Acquired.NotBegun()));

    assertThat(weight(Command.of(ShareGroups.class, it -> it.acquire(order)), reply))
        .isEqualTo((MANY + 2) * 64);
  }

  @Test
  void pagesOfTheCatalogCount() {
    Topic topic = new Topic(P0.topic(), "name", 1, (short) 1, 1, Map.of("a.setting", "value"));
    List<TopicId> deleted = List.of(P0.topic());
    Page page =
        new Page(
            "id",
            false,
            Collections.nCopies(MANY, topic),
            deleted,
            Optional.empty(),
            Position.NOWHERE,
            false);

    assertThat(weight(Command.of(TopicCatalog.class, it -> it.page(Position.NOWHERE)), page))
        .isEqualTo(2 * 2 + MANY * (64 + 2 * 4 + 64 + 2 * 9 + 2 * 5) + 64);
  }

  @Test
  void whatIsToldToAdministratorsCounts() {
    Resource resource = new Resource("name", 1, Map.of("a.setting", "value"));
    Described described = new Described("user", Mechanism.SHA_256, 4_096);

    assertThat(
            weight(
                Command.of(ResourceSettings.class, it -> it.read(ResourceSettings.Kind.GROUP, 0)),
                Optional.of(new Configured(1, Collections.nCopies(MANY, resource)))))
        .isEqualTo(MANY * (64 + 2 * 4 + 64 + 2 * 9 + 2 * 5));
    assertThat(
            weight(
                Command.of(ScramCredentials.class, it -> it.describe(List.of())),
                Collections.nCopies(MANY, described)))
        .isEqualTo(MANY * (64 + 2 * 4));
  }

  @Test
  void aTurnEndsOnceItsAnswersAreTooLarge() {
    // Each answer has 100,000 spans, and takes 6.4 MB.
    assertThat(turnsOf(2)).isEqualTo(1);
    assertThat(turnsOf(12)).isEqualTo(2);
  }

  private static <R> long weight(Command<R> command, R reply) {
    return command.question().weight(reply);
  }

  /// How many turns one write and so many large questions take that come together.
  private static long turnsOf(int questions) {
    long[] turns = new long[1];
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat seat = seats.leading("one");
          Seats.create(seat.port(), "t");
          Committing agent = Committing.register(seat.port(), 1);
          for (int i = 0; i < MANY; i++) {
            agent.commit(P0, 1);
          }
          long before = seat.port().as(Quorum.class).describe().index();

          // What comes while the leader waits for the store is taken together.
          seat.link().shutGate();
          List<Thread> asking = new ArrayList<>();
          asking.add(world.start("first", () -> Seats.write(seat.port())));
          world.sleepMs(1);
          asking.add(world.start("write", () -> Seats.write(seat.port())));
          world.sleepMs(1);
          ExtentQuery all = new ExtentQuery(P0, 0, Integer.MAX_VALUE);
          Command<List<ExtentsFound>> find =
              Command.of(ExtentIndex.class, it -> it.find(Collections.nCopies(100, all)));
          for (int i = 0; i < questions; i++) {
            asking.add(world.start("find", () -> seat.port().ask(find)));
            world.sleepMs(1);
          }
          long[] index = new long[1];
          asking.add(
              world.start(
                  "last", () -> index[0] = seat.port().as(Quorum.class).describe().index()));
          world.sleepMs(1);
          seat.link().openGate();
          for (Thread each : asking) {
            each.join();
          }
          // The last one sees the entries of the turns before its own.
          turns[0] = index[0] - before;
        });
    return turns[0];
  }
}
