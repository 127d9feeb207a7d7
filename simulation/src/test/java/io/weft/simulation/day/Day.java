package io.weft.simulation.day;

import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.CreateOutcome;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.journal.JournalSettings;
import io.weft.controlplane.journal.ObjectJournal;
import io.weft.controlplane.journal.Snapshots;
import io.weft.controlplane.leader.LeaderSeat;
import io.weft.controlplane.leader.LeaderSettings;
import io.weft.controlplane.leader.inspect.FollowedState;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.StateSnapshot;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulated.SimulatedStore;
import io.weft.simulated.SimulatedWorld;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Plays a day and looks at the end of every hour. Used by one thread.
final class Day {
  private static final String JOURNAL = "journal/";
  private static final int STEP_MS = 500;
  private static final TopicId TOPIC = new TopicId(7, 7);

  private final SimulatedWorld world;
  private final DayPlan plan;
  private final SimulatedStore journal = new SimulatedStore();
  private final DayBucket bucket = new DayBucket();
  private final List<HourOfDay> hours = new ArrayList<>();

  private Day(SimulatedWorld world, DayPlan plan) {
    this.world = world;
    this.plan = plan;
  }

  static List<HourOfDay> play(DayPlan plan) {
    List<HourOfDay> hours = new ArrayList<>();
    SimulatedWorld.run(1, world -> hours.addAll(new Day(world, plan).play()));
    return hours;
  }

  private List<HourOfDay> play() throws InterruptedException {
    SimulatedProcess leading = world.process("leader");
    LeaderSettings settings =
        new LeaderSettings(
            "leader",
            true,
            LeaderSettings.Timing.DEFAULT,
            LeaderSettings.Limits.DEFAULT,
            JournalSettings.DEFAULT.atLevel(Levels.KNOWN));
    LeaderSeat seat =
        LeaderSeat.open(
            new ObjectJournal(journal), new Snapshots(journal), settings, leading.environment());
    while (!seat.leads()) {
      world.sleepMs(STEP_MS);
    }
    Map<String, String> own = Map.of("retention.ms", Long.toString(plan.retentionMs()));
    NewTopic topic = new NewTopic(TOPIC, "t", plan.partitions(), (short) 1, own);
    CreateOutcome created = seat.as(TopicCatalog.class).create(topic);
    if (created != CreateOutcome.CREATED) {
      throw new AssertionError(created);
    }
    for (int i = 0; i < plan.agents(); i++) {
      SimulatedProcess process = world.process("agent-" + i);
      DayAgent agent = new DayAgent(seat, process.environment(), plan, TOPIC, i, bucket);
      process.start("agent", agent::run);
    }
    System.out.println(HourOfDay.HEADER);
    for (int hour = 1; hour <= plan.hours(); hour++) {
      world.sleepMs(plan.hourMs());
      HourOfDay now = look(hour);
      System.out.println(now.row());
      hours.add(now);
    }
    return hours;
  }

  private HourOfDay look(int hour) {
    ControlPlaneState state =
        FollowedState.open(journal, world.environment()).orElseThrow().state();
    long extents = 0;
    long extentsMax = 0;
    long oldestMs = Long.MAX_VALUE;
    for (int i = 0; i < plan.partitions(); i++) {
      Optional<PartitionLog> log = state.logs().find(new PartitionId(TOPIC, i));
      int spans = log.map(PartitionLog::spanCount).orElse(0);
      extents += spans;
      extentsMax = Math.max(extentsMax, spans);
      for (int j = 0; j < spans; j++) {
        Extent extent = (Extent) log.orElseThrow().span(j);
        oldestMs = j == 0 ? Math.min(oldestMs, extent.maxTimestampMs()) : oldestMs;
        if (!bucket.holds(extent.fileId())) {
          throw new AssertionError("live and deleted: " + extent);
        }
      }
    }
    List<String> entries = journal.keys(JOURNAL);
    WireWriter snapshot = new WireWriter().atLevel(state.level().value());
    StateSnapshot.write(state, snapshot);
    return new HourOfDay(
        hour,
        snapshot.toByteArray().length,
        entries.size(),
        entries.stream().mapToLong(key -> journal.bytes(key).length).sum(),
        extents,
        extentsMax,
        state.collection().queued(),
        bucket.count(),
        Math.max(0, world.environment().clock().wallMs() - plan.retentionMs() - oldestMs),
        bucket.orphanMs(world.environment().clock().monotonicMs()));
  }
}
