package io.weft.controlplane.leader;

import io.weft.controlplane.groups.LedGroups;
import io.weft.controlplane.journal.JournalSettings;
import io.weft.controlplane.journal.TermWriter;
import io.weft.controlplane.leader.compaction.CompactionSettings;
import io.weft.controlplane.state.agent.Agents;
import io.weft.controlplane.state.file.FileLeases;
import io.weft.model.Invariant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// How a seat behaves.
///
/// @param name how people and other processes know this one; told to agents that ask the wrong one
/// @param sole whether no other process stands by for this cluster. A leader with standbys writes
///   an entry every third of its lease, so that they stay quiet; a sole one need not, and writes
///   one only when a read asks for it. It is about cost, never about safety: a second process that
///   does stand by would merely take over whenever the first has been idle for a lease.
/// @param lowLatencyMs how long files stay in the low-latency store of a cluster that has one
/// @param groups settings of the coordinators of groups and transactions, by Kafka's names; those
///   not set have their defaults
/// @param topicUndeleteMs for how long a topic that is deleted can come back; 0: it cannot
public record LeaderSettings(
    String name,
    boolean sole,
    Timing timing,
    Limits limits,
    JournalSettings journal,
    long lowLatencyMs,
    Map<String, String> groups,
    long topicUndeleteMs) {
  public LeaderSettings {
    Invariant.check(topicUndeleteMs >= 0, "topicUndeleteMs %d", topicUndeleteMs);
    Invariant.check(!name.isEmpty() && name.length() <= NAME_CHARS_MAX, "leader's name too long");
  }

  /// With Kafka's defaults for groups. Deleted topics cannot come back.
  public LeaderSettings(
      String name, boolean sole, Timing timing, Limits limits, JournalSettings journal) {
    this(
        name, sole, timing, limits, journal, CompactionSettings.LOW_LATENCY_MS, new TreeMap<>(), 0);
  }

  public LeaderSettings withGroups(Map<String, String> settings) {
    return new LeaderSettings(
        name, sole, timing, limits, journal, lowLatencyMs, settings, topicUndeleteMs);
  }

  public LeaderSettings withTopicUndeleteMs(long undeleteMs) {
    return new LeaderSettings(
        name, sole, timing, limits, journal, lowLatencyMs, groups, undeleteMs);
  }

  public LeaderSettings withLowLatencyMs(long ms) {
    return new LeaderSettings(name, sole, timing, limits, journal, ms, groups, topicUndeleteMs);
  }

  /// What is wrong with settings of coordinators, if something is: each may be possible, and not go
  /// with the others.
  public static Optional<String> flawOf(Map<String, String> groups) {
    return LedGroups.flawOf(groups);
  }

  /// How long a transactional id is remembered that nobody uses (`transactional.id.expiration.ms`).
  long transactionalIdIdleMs() {
    String text = groups.get(TRANSACTIONAL_ID_EXPIRATION);
    return text == null ? TRANSACTIONAL_ID_IDLE_MS : Long.parseLong(text);
  }

  private static final String TRANSACTIONAL_ID_EXPIRATION = "transactional.id.expiration.ms";

  /// As Kafka's default.
  private static final long TRANSACTIONAL_ID_IDLE_MS = 7 * 24 * 3_600_000L;

  /// A day: a deletion that was a mistake is noticed by then, as a rule.
  public static final long TOPIC_UNDELETE_MS = 24 * 3_600_000L;

  public static final int NAME_CHARS_MAX = 256;

  /// How long a leader may be busy with one turn; loading the groups of a cluster is the longest.
  static final long TURN_MS_MAX = 120_000;

  private static final long QUEUED_BYTES_MAX = 256L << 20;
  private static final long QUEUED_BYTES_MIN = 16L << 20;
  private static final long QUEUED_HEAP_SHARE = 8;
  private static final long TURN_ANSWERS_BYTES_MAX = 64L << 20;
  private static final long TURN_ANSWERS_BYTES_MIN = 4L << 20;
  private static final long TURN_ANSWERS_HEAP_SHARE = 32;

  /// About how many bytes of commands wait for their turn; more are told to come again. 256 MiB, or
  /// an eighth of the heap if that is less; 16 MiB at least.
  static long queuedBytesMax(long heapBytes) {
    return Math.clamp(heapBytes / QUEUED_HEAP_SHARE, QUEUED_BYTES_MIN, QUEUED_BYTES_MAX);
  }

  /// About how many bytes of answers a turn holds after which it takes no further command. 64 MiB,
  /// or a 32nd of the heap if that is less; 4 MiB at least.
  static long turnAnswersBytesMax(long heapBytes) {
    return Math.clamp(
        heapBytes / TURN_ANSWERS_HEAP_SHARE, TURN_ANSWERS_BYTES_MIN, TURN_ANSWERS_BYTES_MAX);
  }

  public static LeaderSettings standard(String name, boolean sole) {
    return new LeaderSettings(name, sole, Timing.DEFAULT, Limits.DEFAULT, JournalSettings.DEFAULT);
  }

  /// @param leaderLeaseMs how long a standby waits after the last entry before it takes over
  /// @param pollIntervalMs how often a standby looks for the next entry
  /// @param commandDeadlineMs how long a command waits for its answer
  /// @param agentLeaseMs how long an agent lives without renewing; no less than it is told
  ///   ([Agents#REGISTRATION_LEASE_MS])
  /// @param fileIdLeaseMs how long after their last issue file ids expire; three times as long as
  ///   agents may use them ([FileLeases#IDS_USABLE_MS]), or more
  /// @param producerIdleMs how long an idle producer's sequences are remembered
  /// @param fileDeleteGraceMs how long after a file was condemned it is handed out to be deleted
  public record Timing(
      long leaderLeaseMs,
      long pollIntervalMs,
      long commandDeadlineMs,
      long agentLeaseMs,
      long fileIdLeaseMs,
      long producerIdleMs,
      long fileDeleteGraceMs) {
    /// Longer than a fetch waits and reads; what reads an older plan plans anew.
    public static final long FILE_DELETE_GRACE_MS = 600_000;

    /// Less would only make readers plan anew more often.
    public static final long FILE_DELETE_GRACE_MS_MIN = 1_000;

    public static final Timing DEFAULT =
        new Timing(
            4_000,
            500,
            30_000,
            Agents.REGISTRATION_LEASE_MS,
            FileLeases.IDS_EXPIRE_MS,
            24 * 3_600_000L,
            FILE_DELETE_GRACE_MS);

    public Timing {
      Invariant.check(leaderLeaseMs >= 8, "leaderLeaseMs %d", leaderLeaseMs);
      Invariant.check(pollIntervalMs > 0, "pollIntervalMs %d", pollIntervalMs);
      Invariant.check(commandDeadlineMs > 0, "commandDeadlineMs %d", commandDeadlineMs);
      Invariant.check(agentLeaseMs > 0, "agentLeaseMs %d", agentLeaseMs);
      Invariant.check(fileIdLeaseMs > 0, "fileIdLeaseMs %d", fileIdLeaseMs);
      Invariant.check(producerIdleMs > 0, "producerIdleMs %d", producerIdleMs);
      Invariant.check(
          fileDeleteGraceMs >= FILE_DELETE_GRACE_MS_MIN, "fileDeleteGraceMs %d", fileDeleteGraceMs);
    }

    public Timing withFileDeleteGraceMs(long graceMs) {
      return new Timing(
          leaderLeaseMs,
          pollIntervalMs,
          commandDeadlineMs,
          agentLeaseMs,
          fileIdLeaseMs,
          producerIdleMs,
          graceMs);
    }

    /// How long after the beginning of its last append a leader may answer from memory. An eighth
    /// less than others wait, for clocks that run at different speeds.
    long readLeaseMs() {
      return leaderLeaseMs - leaderLeaseMs / 8;
    }

    /// @param sole as [LeaderSettings#sole]
    TermWriter.Lease lease(boolean sole) {
      return new TermWriter.Lease(sole ? 0 : leaderLeaseMs / 3, readLeaseMs(), TURN_MS_MAX);
    }
  }

  /// @param commandsQueuedMax commands that wait for their turn
  /// @param commandsPerTurnMax commands one turn takes
  /// @param turnBytesMax bytes of records after which a turn takes no further command
  /// @param feedEventsMax events that wait for one subscriber
  /// @param snapshotEveryEntries entries after which a snapshot is taken
  /// @param snapshotEveryBytes bytes of entries after which a snapshot is taken
  public record Limits(
      int commandsQueuedMax,
      int commandsPerTurnMax,
      int turnBytesMax,
      int feedEventsMax,
      long snapshotEveryEntries,
      long snapshotEveryBytes) {
    public static final Limits DEFAULT =
        new Limits(10_000, 2_000, 1 << 20, 250_000, 1_000, 64L << 20);

    public Limits {
      Invariant.check(commandsQueuedMax > 0, "commandsQueuedMax %d", commandsQueuedMax);
      Invariant.check(commandsPerTurnMax > 0, "commandsPerTurnMax %d", commandsPerTurnMax);
      Invariant.check(turnBytesMax > 0, "turnBytesMax %d", turnBytesMax);
      Invariant.check(feedEventsMax > 0, "feedEventsMax %d", feedEventsMax);
      Invariant.check(snapshotEveryEntries > 0, "snapshotEveryEntries %d", snapshotEveryEntries);
      Invariant.check(snapshotEveryBytes > 0, "snapshotEveryBytes %d", snapshotEveryBytes);
    }
  }
}
