package io.weft.simulation.cluster;

import io.weft.agent.api.ApiSettings;
import io.weft.agent.api.fetch.SessionSettings;
import io.weft.agent.assembly.AgentSettings;
import io.weft.agent.cache.CacheSettings;
import io.weft.agent.cleaning.CleaningSettings;
import io.weft.agent.compaction.CompactionSettings;
import io.weft.agent.fetch.FetchSettings;
import io.weft.agent.files.FileSettings;
import io.weft.agent.membership.AgentPlace;
import io.weft.agent.produce.ProduceSettings;
import io.weft.controlplane.journal.JournalSettings;
import io.weft.controlplane.leader.LeaderSettings;
import io.weft.model.Zone;
import io.weft.simulated.SimulatedStore;
import io.weft.simulated.SimulatedWorld;
import io.weft.simulation.fault.Fault;
import io.weft.simulation.fault.FaultCounts;
import io.weft.simulation.fault.LyingStore;
import io.weft.simulation.fault.Weather;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Two control-plane processes, two or three agents, and one store for the journal and the files.
public final class Cluster {
  private static final int CHUNKS_PER_ANSWER = 40;
  private static final int UNCACHED_BYTES_MAX = 16 << 10;

  /// How often an agent asks for files to merge.
  private static final int MERGES_EVERY_MS = 2_000;

  /// A small map of keys, so that cleaning takes several rounds.
  private static final long CLEANING_HEAP_BYTES = 1 << 20;

  /// Shorter than a real one, so that files are deleted while things go wrong; as long as an agent
  /// without work rests before it asks for dead files.
  public static final int FILE_DELETE_GRACE_MS = 30_000;

  /// Shorter than a real one, so that files are moved while things go wrong.
  private static final long LOW_LATENCY_MS = 20_000;

  private static final LeaderSettings.Limits LIMITS =
      new LeaderSettings.Limits(1_000, 100, 1 << 16, 2_000, 1_000, 64L << 20);
  private static final JournalSettings JOURNAL = new JournalSettings(20_000, 60_000, 16);
  private static final int SESSIONS_MAX = 3;
  private static final int SHARE_SESSIONS_MAX = 4;
  private static final int HEDGE_AFTER_MS = 40;
  private static final int IDS_PER_LEASE = 20;

  private final SimulatedWorld world;
  private final Weather weather;
  private final SimulatedStore journal;
  private final SimulatedStore store;
  private final Knobs knobs;
  private final ToldFiles told;
  private final Network network;
  private final List<ControlPlaneNode> controlPlane;
  private final List<AgentNode> agents;

  public Cluster(SimulatedWorld world, Knobs knobs, FaultCounts counts, Build build) {
    this(world, knobs, new Weather(world.environment(), counts), build, new SimulatedStore());
  }

  private Cluster(
      SimulatedWorld world, Knobs knobs, Weather weather, Build build, SimulatedStore store) {
    this(world, knobs, weather, build, store, store);
  }

  /// @param journal where journal and snapshots are
  /// @param store where the files are
  public Cluster(
      SimulatedWorld world,
      Knobs knobs,
      Weather weather,
      Build build,
      SimulatedStore journal,
      SimulatedStore store) {
    this.world = world;
    this.journal = journal;
    this.store = store;
    this.knobs = knobs;
    this.weather = weather;
    this.told = new ToldFiles(world, FILE_DELETE_GRACE_MS);
    store.watchDeletes(told::deleted);
    LeaderSettings settings = settings(knobs, build);
    this.controlPlane =
        List.of(
            new ControlPlaneNode(world, "seat-a", this::journalLink, settings, build, told),
            new ControlPlaneNode(world, "seat-b", this::journalLink, settings, build, told));
    this.network = new Network(world, weather, knobs.networkMsMax());
    this.agents = startAgents(agentBuild(knobs, build));
  }

  private List<AgentNode> startAgents(AgentBuild agent) {
    List<AgentNode> nodes = new ArrayList<>();
    for (String zone : knobs.ring().zones()) {
      String name = "agent-" + (char) ('a' + nodes.size());
      nodes.add(
          new AgentNode(
              world,
              name,
              network,
              controlPlane,
              () -> link(store, Fault.READ_CORRUPT),
              agent.in(new Zone(zone))));
    }
    return List.copyOf(nodes);
  }

  public SimulatedWorld world() {
    return world;
  }

  public Weather weather() {
    return weather;
  }

  /// What journal and snapshots there are, whatever the links say.
  public SimulatedStore journal() {
    return journal;
  }

  /// What files there are, whatever the links say.
  public SimulatedStore store() {
    return store;
  }

  /// What readers were told to read.
  public ToldFiles told() {
    return told;
  }

  public List<ControlPlaneNode> controlPlane() {
    return controlPlane;
  }

  public List<AgentNode> agents() {
    return agents;
  }

  /// @param watcher is told of each call of a client when it is sent; must not block
  public void watchCalls(Consumer<OpenCall> watcher) {
    network.watch(watcher);
  }

  /// @param watcher is told of each agent that another one asks, when the call has come; must not
  ///   block
  public void watchNeighbours(Consumer<AgentNode> watcher) {
    network.watchNeighbours(watcher);
  }

  public Optional<ControlPlaneNode> leader() {
    return controlPlane.stream().filter(ControlPlaneNode::leads).findFirst();
  }

  /// From now on things go wrong.
  public void trouble() {
    long on = knobs.faultsOn();
    for (Fault fault : Fault.values()) {
      if ((on & 1) == 1) {
        weather.rate(fault, knobs.faultsPerMillion());
      }
      on >>= 1;
    }
    // What is bad for seconds happens less often.
    weather.rate(Fault.STORE_SLOW_CALL, knobs.faultsPerMillion() / 10);
    weather.rate(Fault.MESSAGE_SLOW, knobs.faultsPerMillion() / 10);
    // There are few deletes, and a damaged copy is fetched again: both often, or they show nothing.
    weather.rate(Fault.DELETE_FAILED_BUT_DONE, knobs.faultsPerMillion() * 10);
    weather.rate(Fault.READ_CORRUPT, knobs.faultsPerMillion() * 5);
    for (Fault fault : Fault.ofNeighbours()) {
      // Few reads go to neighbours.
      weather.rate(fault, weather.rateOf(fault) * 5);
    }
    // The journal is read so often that the same entry would be damaged three times over.
    weather.rate(Fault.JOURNAL_READ_CORRUPT, knobs.faultsPerMillion() / 10);
  }

  private LyingStore journalLink() {
    return link(journal, Fault.JOURNAL_READ_CORRUPT);
  }

  private LyingStore link(SimulatedStore to, Fault corruption) {
    return new LyingStore(to, world, weather, knobs.storeMs(), corruption);
  }

  private static AgentBuild agentBuild(Knobs knobs, Build build) {
    ProduceSettings produce =
        new ProduceSettings(
            knobs.flush().intervalMs(),
            knobs.flush().bytes(),
            knobs.flush().earlyPerSecond(),
            4,
            new FileSettings(IDS_PER_LEASE, HEDGE_AFTER_MS, 10, 500));
    CacheSettings cache =
        new CacheSettings(knobs.chunkBytes(), (long) knobs.chunkBytes() * knobs.cacheChunks(), 2);
    CompactionSettings merging =
        CompactionSettings.STANDARD
            .enabled(knobs.merges())
            .with(4 * knobs.chunkBytes(), MERGES_EVERY_MS);
    return new AgentBuild(
        build,
        new AgentSettings(
            AgentPlace.ANYWHERE,
            produce,
            cache,
            new FetchSettings(fetchBytesMax(knobs), 5_000, 16, 8, 50),
            new SessionSettings(SESSIONS_MAX, SessionSettings.STANDARD.staleMs()),
            SHARE_SESSIONS_MAX,
            ApiSettings.DEFAULTS,
            merging,
            CleaningSettings.of(merging, CLEANING_HEAP_BYTES)),
        knobs.tiers());
  }

  /// Merged files have long extents: with tiny chunks and a slow store, an answer of many of them
  /// would come when its client has long given up. So would one of many extents where there is no
  /// cache: each of them is asked of the store.
  private static int fetchBytesMax(Knobs knobs) {
    int bytesMax = knobs.cacheChunks() == 0 ? UNCACHED_BYTES_MAX : 1 << 20;
    return Math.min(bytesMax, CHUNKS_PER_ANSWER * knobs.chunkBytes());
  }

  private static LeaderSettings settings(Knobs knobs, Build build) {
    LeaderSettings.Timing timing = LeaderSettings.Timing.DEFAULT;
    LeaderSettings chosen =
        new LeaderSettings(
            "seat",
            false,
            new LeaderSettings.Timing(
                timing.leaderLeaseMs(),
                timing.pollIntervalMs(),
                10_000,
                timing.agentLeaseMs(),
                knobs.trouble().fileIdLeaseMs(),
                timing.producerIdleMs(),
                build.fileDeleteGraceMs(FILE_DELETE_GRACE_MS)),
            new LeaderSettings.Limits(
                LIMITS.commandsQueuedMax(),
                LIMITS.commandsPerTurnMax(),
                LIMITS.turnBytesMax(),
                LIMITS.feedEventsMax(),
                knobs.trouble().snapshotEvery(),
                LIMITS.snapshotEveryBytes()),
            JOURNAL.atLevel(knobs.ring().level()));
    return chosen.withLowLatencyMs(LOW_LATENCY_MS);
  }
}
