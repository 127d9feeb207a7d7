package io.weft.controlplane.state.log;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.log.LogRecord.SumsStated;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.model.BatchSums;

/// What was produced is live or was deleted: three sums of all batches whose checksums were told,
/// and how many extents have none. Owned by one thread.
///
/// `produced` is added up from what commits say, `deleted` from what leaves the logs, `live` from
/// what the logs then hold. So each of them is told by something else, and a change that loses or
/// doubles something does not come out even.
public final class Conservation {
  private static final byte PLACED = Verdict.PLACED.code();

  private long produced;
  private long deleted;
  private long live;
  private long extents;
  private long unsummed;
  private long refused;

  Conservation() {}

  /// Extents in all logs, those of deleted topics that are kept among them.
  public long extents() {
    return extents;
  }

  /// Extents of which no sum is known.
  public long unsummed() {
    return unsummed;
  }

  /// Replacements that were refused since this state is in memory, for their sums.
  public long refused() {
    return refused;
  }

  void noteRefusal() {
    refused++;
  }

  /// A log is about to change: until it [#holds] again, nothing of it counts as live.
  void lets(PartitionLog log) {
    live -= log.sum();
    extents -= log.extents();
    unsummed -= log.unsummed();
  }

  /// What a log has after its change counts as live.
  void holds(PartitionLog log) {
    live += log.sum();
    extents += log.extents();
    unsummed += log.unsummed();
    check();
  }

  /// @throws IllegalStateException if the sums do not come out even
  void check() {
    if (produced - deleted != live) {
      throw new IllegalStateException(
          "what was produced (sum %016x) is not what was deleted (%016x) and what is live (%016x)"
              .formatted(produced, deleted, live));
    }
  }

  /// The placed batches of a run become part of a log.
  void produced(UploadedBatches run, BatchOutcomes outcomes) {
    if (run.tellsChecksums()) {
      BatchSums sums = BatchSums.of(run.partition());
      for (int i = 0; i < run.count(); i++) {
        if (outcomes.verdicts()[i] == PLACED) {
          produced += sums.of(outcomes.baseOffsets()[i], run.records()[i], run.checksums()[i]);
        }
      }
    }
  }

  /// @param sum of what leaves a log for good
  void deleted(long sum) {
    deleted += sum;
  }

  /// Extents take the place of others. Where the others have no sum, these may bring one.
  ///
  /// @param before the sum of the others that have one
  /// @param after the sum of those that come
  /// @param removed what of the others is not in them
  void replaced(long before, long after, long removed) {
    produced += after + removed - before;
    deleted += removed;
  }

  /// What there is now, to be compared by those that replay it.
  SumsStated stated() {
    return new SumsStated(produced, deleted, live, extents, unsummed);
  }

  /// @throws SumsDifferException if others have something else here
  void compare(SumsStated there) {
    SumsStated here = stated();
    if (!here.equals(there)) {
      throw new SumsDifferException(here, there);
    }
  }

  void write(WireWriter out) {
    out.writeLong(produced);
    out.writeLong(deleted);
  }

  /// To be called when it has [#found] all logs.
  void read(WireReader in) {
    produced = in.readLong();
    deleted = in.readLong();
    if (produced - deleted != live) {
      throw new MalformedBytesException(
          "the extents' sum is %016x, and should be %016x".formatted(live, produced - deleted));
    }
  }

  /// What a log that was just read has counts as live.
  void found(PartitionLog log) {
    live += log.sum();
    extents += log.extents();
    unsummed += log.unsummed();
  }
}
