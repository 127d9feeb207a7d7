package io.weft.controlplane.leader;

import io.weft.controlplane.api.CatalogCopy;
import io.weft.controlplane.api.Producers;
import io.weft.controlplane.api.Producers.ProducerIds;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.CreateOutcome;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.command.CommandPort;
import io.weft.controlplane.journal.JournalSettings;
import io.weft.environment.Environment;
import io.weft.model.AgentId;
import io.weft.model.TopicId;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulated.SimulatedStore;
import io.weft.simulated.SimulatedWorld;
import io.weft.simulated.StoreLink;
import java.util.Map;

/// Seats of one cluster in one world, each with its own way to the one store.
final class Seats {
  static final LeaderSettings.Timing TIMING =
      new LeaderSettings.Timing(4_000, 500, 30_000, 15_000, 180_000, 86_400_000, 600_000);
  static final LeaderSettings.Limits LIMITS =
      new LeaderSettings.Limits(1_000, 100, 1 << 16, 1_000, 1_000, 64L << 20);
  static final long TAKE_OVER_MS = 20_000;

  final SimulatedWorld world;
  final SimulatedStore store = new SimulatedStore();
  private LeaderSettings.Limits limits = LIMITS;
  private boolean sole;
  private int level = Levels.KNOWN;
  private Map<String, String> groups = Map.of();
  private long topicUndeleteMs;

  Seats(SimulatedWorld world) {
    this.world = world;
  }

  record Seat(LeaderSeat port, StoreLink link) {}

  Seats limits(LeaderSettings.Limits changed) {
    limits = changed;
    return this;
  }

  /// Those opened from here on.
  Seats sole() {
    return sole(true);
  }

  Seats sole(boolean alone) {
    sole = alone;
    return this;
  }

  /// Settings of the group coordinator.
  Seats groups(Map<String, String> changed) {
    groups = changed;
    return this;
  }

  /// For how long topics that are deleted can come back.
  Seats topicUndeleteMs(long changed) {
    topicUndeleteMs = changed;
    return this;
  }

  /// As a release has them that knows levels up to this one.
  Seats level(int known) {
    level = known;
    return this;
  }

  /// The cluster is there already, founded by the release before levels.
  Seats foundedBefore() {
    int known = level;
    level(Levels.FIRST).leading("founder").port().close();
    return level(known);
  }

  Seats snapshotEvery(int entries) {
    return limits(
        new LeaderSettings.Limits(
            limits.commandsQueuedMax(),
            limits.commandsPerTurnMax(),
            limits.turnBytesMax(),
            limits.feedEventsMax(),
            entries,
            limits.snapshotEveryBytes()));
  }

  Seat open(String name) {
    return open(name, new StoreLink(store, world.environment()));
  }

  Seat open(String name, StoreLink link) {
    return open(name, link, world.environment());
  }

  Seat open(String name, StoreLink link, Environment environment) {
    LeaderSettings settings =
        new LeaderSettings(name, sole, TIMING, limits, JournalSettings.DEFAULT.atLevel(level))
            .withGroups(groups)
            .withTopicUndeleteMs(topicUndeleteMs);
    return new Seat(LeaderSeat.open(link, settings, environment), link);
  }

  /// A seat that leads, with a clock of its own.
  Seat leading(SimulatedProcess process) {
    Seat seat =
        open(process.name(), new StoreLink(store, process.environment()), process.environment());
    seat.port().awaitLeading(TAKE_OVER_MS);
    return seat;
  }

  /// A seat that leads.
  Seat leading(String name) {
    Seat seat = open(name);
    seat.port().awaitLeading(TAKE_OVER_MS);
    return seat;
  }

  StoreLink link() {
    return new StoreLink(store, world.environment());
  }

  int entries() {
    return store.keys("journal/").size();
  }

  static NewTopic topic(String name, int partitions) {
    TopicId id = new TopicId(name.hashCode(), partitions);
    return new NewTopic(id, name, partitions, (short) 1, Map.of());
  }

  static CreateOutcome create(CommandPort port, String name) {
    return port.as(TopicCatalog.class).create(topic(name, 2));
  }

  static boolean hasTopic(CommandPort port, String name) {
    return CatalogCopy.whole(at -> port.as(TopicCatalog.class).page(at)).topics().stream()
        .anyMatch(topic -> topic.name().equals(name));
  }

  /// A command that always leaves a record.
  static ProducerIds write(CommandPort port) {
    return port.as(Producers.class).leaseIds(new AgentId(0), 1);
  }

  /// A command that never does.
  static String read(CommandPort port) {
    return CatalogCopy.whole(at -> port.as(TopicCatalog.class).page(at)).clusterId();
  }

  static long catalogVersion(CommandPort port) {
    return CatalogCopy.whole(at -> port.as(TopicCatalog.class).page(at)).version();
  }

  static void sleep(SimulatedWorld world, long durationMs) {
    try {
      world.sleepMs(durationMs);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
