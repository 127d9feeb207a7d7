package io.weft.controlplane.api;

import io.weft.controlplane.api.question.OneEach;
import io.weft.controlplane.api.question.Question;
import io.weft.controlplane.codec.shape.AbsentAsMinusOne;
import io.weft.controlplane.codec.shape.AtMost;
import io.weft.controlplane.codec.shape.Fixed;
import io.weft.controlplane.codec.shape.Kind;
import io.weft.controlplane.codec.shape.Shaped;
import io.weft.model.PartitionId;
import java.util.List;
import java.util.Optional;

/// What the queue path may ask (KIP-932): which member may process which records, and what became
/// of them.
///
/// A *share-partition* is one partition as one share group reads it. Its offsets below the start
/// are done with; from there on each record is available, acquired by a member for a limited time,
/// or finished. What was finished or given back is durable. Acquisitions are in the leader's memory
/// alone: after a fail-over the records are available again, as in Kafka.
///
/// Each question has a `callId`, chosen at random: asked again with the same one, it is not done
/// twice and gives the same answer, for as long as the leader remembers it.
public interface ShareGroups {
  /// The most partitions one question may name.
  int PARTITIONS_PER_CALL_MAX = 10_000;

  /// The most runs of offsets one question may have, in all partitions.
  int RUNS_PER_CALL_MAX = 200_000;

  /// Share-partitions of the cluster, at most.
  int SHARE_PARTITIONS_MAX = 200_000;

  /// Acquires records for a member, partition by partition in the order given.
  @Question(kind = 70, name = "AcquireShared")
  Acquisition acquire(AcquireOrder order);

  /// Says what became of records that a member had acquired. Each partition is judged for itself,
  /// and done wholly or not at all.
  ///
  /// @return one per partition, in order
  @Question(kind = 71, name = "AcknowledgeShared")
  @AtMost(PARTITIONS_PER_CALL_MAX)
  List<AcknowledgeOutcome> acknowledge(AcknowledgeOrder order);

  /// Gives back whatever a member has acquired of some partitions, as if it had released each
  /// record.
  ///
  /// @return whether there was any
  @Question(kind = 72, name = "ReleaseShared")
  boolean release(
      String group, String member, @AtMost(PARTITIONS_PER_CALL_MAX) List<PartitionId> partitions);

  /// Begins share-partitions, or begins them anew: all that was known of them is forgotten.
  ///
  /// @param startOffset the first offset to deliver, or empty: by the group's settings, when it is
  ///   asked for first
  /// @return false where a partition is not there; then nothing is begun
  @Question(kind = 73, name = "BeginShared")
  boolean begin(
      String group,
      @AtMost(PARTITIONS_PER_CALL_MAX) List<PartitionId> partitions,
      @Shaped(by = AbsentAsMinusOne.class) Optional<Long> startOffset);

  /// Sets where a share-partition starts whose start was to be found by time
  /// ([Acquired.NeedsStart]); no effect if somebody was faster.
  ///
  /// @return false if there is no such share-partition
  @Question(kind = 74, name = "StartSharedAt")
  boolean startAt(String group, PartitionId partition, long startOffset);

  /// @param recordsMax of all partitions together
  /// @param bytesMax likewise, as far as it can be told from whole extents
  /// @param bytesMin acquire nothing of records that were never acquired while they have fewer
  ///   bytes than this
  record AcquireOrder(
      @Fixed long callId,
      String group,
      String member,
      @OneEach @AtMost(PARTITIONS_PER_CALL_MAX) List<PartitionId> partitions,
      int recordsMax,
      int bytesMax,
      long bytesMin) {}

  /// @param lockMs how long the member may keep the records, from now on
  /// @param committedOnly whether records of transactions that are open or aborted are not for this
  ///   group
  /// @param partitions in the order of the question
  record Acquisition(
      int lockMs,
      boolean committedOnly,
      @OneEach @AtMost(PARTITIONS_PER_CALL_MAX) List<Acquired> partitions) {}

  sealed interface Acquired {
    /// @param lockedElsewhere whether records are acquired that may become available again
    /// @param runs in offset order; empty if there is nothing to acquire now
    @Kind(0)
    record Runs(
        PartitionBounds bounds,
        boolean lockedElsewhere,
        @AtMost(RUNS_PER_CALL_MAX) List<AcquiredRun> runs)
        implements Acquired {}

    /// Nobody knows yet where to start: at the first record of this time or later.
    @Kind(1)
    record NeedsStart(long sinceMs) implements Acquired {}

    /// The group has no such share-partition.
    @Kind(2)
    record NotBegun() implements Acquired {}

    /// No such topic or partition (any more).
    @Kind(3)
    record UnknownPartition() implements Acquired {}
  }

  /// @param deliveries how often these records are being delivered, this time included
  record AcquiredRun(long firstOffset, long lastOffset, int deliveries) {
    public AcquiredRun {
      checkRun(firstOffset, lastOffset);
    }
  }

  record AcknowledgeOrder(
      @Fixed long callId,
      String group,
      String member,
      @OneEach @AtMost(PARTITIONS_PER_CALL_MAX) List<AcknowledgedPartition> partitions) {}

  record AcknowledgedPartition(
      PartitionId partition, @AtMost(RUNS_PER_CALL_MAX) List<AcknowledgedRun> runs) {}

  record AcknowledgedRun(long firstOffset, long lastOffset, Acknowledgement kind) {
    public AcknowledgedRun {
      checkRun(firstOffset, lastOffset);
    }
  }

  /// Only ever append: its place is what is sent.
  enum Acknowledgement {
    /// There is no record for the application at this offset.
    GAP,
    /// Processed.
    ACCEPT,
    /// To be delivered again.
    RELEASE,
    /// Cannot be processed by anybody.
    REJECT,
    /// Still being processed: the time limit begins anew (KIP-1222).
    RENEW,
    /// Never reached the member: as if it had not been acquired.
    UNDELIVERED
  }

  enum AcknowledgeOutcome {
    DONE,
    /// Some record is not acquired by this member (any more).
    NOT_ACQUIRED,
    /// Some offset was never acquired by anybody.
    NEVER_ACQUIRED,
    NOT_BEGUN
  }

  private static void checkRun(long firstOffset, long lastOffset) {
    if (firstOffset < 0 || lastOffset < firstOffset || lastOffset == Long.MAX_VALUE) {
      throw new IllegalArgumentException(
          "an impossible run %d to %d".formatted(firstOffset, lastOffset));
    }
  }
}
