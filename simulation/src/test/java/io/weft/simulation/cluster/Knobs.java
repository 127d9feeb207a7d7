package io.weft.simulation.cluster;

import io.weft.controlplane.codec.Levels;
import java.util.List;
import java.util.Random;

/// What one seed's cluster is like: each seed has other things switched on, since a bug may need
/// one fault and the absence of another.
///
/// @param logAppendTimes whether the second topic has the time of its commits
/// @param networkMsMax how long a message takes, usually
/// @param storeMs how long a call of the store takes, usually
/// @param faultsPerMillion how often a fault befalls a call, for those that are switched on
/// @param faultsOn the bits of the faults that are
/// @param queueMembers of a share group; none in some seeds
/// @param merges whether agents merge files
/// @param table a compacted topic, in some seeds
/// @param tiers whether fresh files go to a store of their own, in some seeds
/// @param trouble how long the time is in which things go wrong
public record Knobs(
    int partitions,
    boolean logAppendTimes,
    Clients clients,
    Pipeline pipeline,
    Flush flush,
    int chunkBytes,
    int cacheChunks,
    int networkMsMax,
    int storeMs,
    int faultsPerMillion,
    long faultsOn,
    Nemesis nemesis,
    Trouble trouble,
    int queueMembers,
    boolean merges,
    Ring ring,
    Table table,
    boolean tiers) {

  /// @param idempotent producers with a producer id
  /// @param plain producers without
  /// @param pauseMsMax between two batches of a producer
  public record Clients(int idempotent, int plain, int consumers, int pauseMsMax) {}

  /// Transactions and a group; none of it in some seeds.
  ///
  /// @param feeders transactional producers
  /// @param workers members of the group, which make outputs of inputs in transactions
  /// @param partitions of the input and of the output each
  public record Pipeline(int feeders, int workers, int partitions) {
    public static final Pipeline NONE = new Pipeline(0, 0, 0);

    public boolean isThere() {
      return partitions > 0;
    }
  }

  public record Flush(int intervalMs, int bytes, int earlyPerSecond) {}

  /// @param deleteRetentionMs how long its tombstones stay; 0 if there is none
  public record Table(long deleteRetentionMs) {
    private static final Table NONE = new Table(0);

    public boolean isThere() {
      return deleteRetentionMs > 0;
    }

    /// Drawn apart from everything else.
    private static Table of(Random random, boolean merges, Ring ring) {
      boolean cleans = merges && ring.level() > Levels.FIRST;
      return cleans && random.nextInt(2) == 0
          ? new Table(random.nextBoolean() ? 1_000 : 600_000)
          : NONE;
    }
  }

  /// Where the agents are, and whether those of a zone ask each other.
  ///
  /// @param level of the control plane, and so of the cluster; of the first, agents ask no others
  /// @param zones one for each agent
  public record Ring(int level, List<String> zones) {
    /// Drawn apart from everything else.
    private static Ring of(Random random) {
      return switch (random.nextInt(6)) {
        case 0 -> new Ring(Levels.FIRST, List.of("", ""));
        case 1 -> new Ring(Levels.KNOWN, List.of("a", "b"));
        case 2 -> new Ring(Levels.KNOWN, List.of("a", "a", "a"));
        case 3 -> new Ring(Levels.KNOWN, List.of("a", "a", "b"));
        default -> new Ring(Levels.KNOWN, List.of("a", "a"));
      };
    }
  }

  /// @param kills whether processes are killed
  /// @param pauses whether they are paused
  /// @param longPauses for longer than leases last, even
  /// @param cuts whether links are
  /// @param pauseMsMax between two deeds
  public record Nemesis(
      boolean kills, boolean pauses, boolean longPauses, boolean cuts, int pauseMsMax) {}

  /// @param durationMs how long things go wrong
  /// @param fileIdLeaseMs how soon file ids expire
  /// @param snapshotEvery entries
  public record Trouble(int durationMs, long fileIdLeaseMs, int snapshotEvery) {}

  public static Knobs of(long seed) {
    Random random = new Random(seed * 0x5DEECE66DL + 11);
    boolean calm = random.nextInt(8) == 0;
    boolean smallChunks = random.nextBoolean();
    Ring ring = Ring.of(new Random(seed * 0x5DEECE66DL + 12));
    Knobs drawn =
        new Knobs(
            1 + random.nextInt(4),
            random.nextInt(3) == 0,
            new Clients(
                1 + random.nextInt(3),
                random.nextInt(2),
                1 + random.nextInt(2),
                50 + random.nextInt(600)),
            random.nextInt(3) == 0
                ? Pipeline.NONE
                : new Pipeline(1 + random.nextInt(2), 1 + random.nextInt(3), 1 + random.nextInt(3)),
            new Flush(
                pick(random, 10, 50, 100, 250),
                pick(random, 2_000, 20_000, 1 << 20),
                random.nextBoolean() ? 0 : 1 + random.nextInt(20)),
            smallChunks ? pick(random, 1_024, 4_096) : 1 << 20,
            // Without a cache, each piece of a file is read when it is needed: few large ones,
            // then.
            smallChunks ? pick(random, 20, 200) : pick(random, 0, 2, 100),
            pick(random, 1, 10, 50),
            pick(random, 2, 20, 100),
            calm ? 0 : pick(random, 3_000, 15_000, 40_000),
            mostBits(random),
            new Nemesis(
                !calm && random.nextInt(4) != 0,
                random.nextInt(3) != 0,
                random.nextInt(4) == 0,
                random.nextInt(3) != 0,
                2_000 + random.nextInt(15_000)),
            new Trouble(
                30_000 + random.nextInt(60_000),
                pick(random, 20_000, 60_000, 900_000),
                pick(random, 20, 100, 1_000)),
            random.nextBoolean() ? 0 : 1 + random.nextInt(2),
            random.nextInt(4) != 0,
            ring,
            Table.NONE,
            // Drawn apart from everything else.
            new Random(seed * 0x5DEECE66DL + 14).nextInt(3) == 0);
    return drawn.with(Table.of(new Random(seed * 0x5DEECE66DL + 13), drawn.merges(), ring));
  }

  private Knobs with(Table other) {
    return new Knobs(
        partitions,
        logAppendTimes,
        clients,
        pipeline,
        flush,
        chunkBytes,
        cacheChunks,
        networkMsMax,
        storeMs,
        faultsPerMillion,
        faultsOn,
        nemesis,
        trouble,
        queueMembers,
        merges,
        ring,
        other,
        tiers);
  }

  /// Three of four are 1.
  private static long mostBits(Random random) {
    long some = random.nextLong();
    return some | random.nextLong();
  }

  private static int pick(Random random, int... choices) {
    return choices[random.nextInt(choices.length)];
  }
}
