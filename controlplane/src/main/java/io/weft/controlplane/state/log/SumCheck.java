package io.weft.controlplane.state.log;

import io.weft.controlplane.state.log.LogRecord.ReplacedRun;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.model.Extent;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Whether what comes in the place of extents adds up to what they were. Pure.
///
/// Where nothing is removed, each stretch between two borders that both have is compared by itself;
/// else the run is, as a whole. What was committed without checksums has no sum, and is not
/// compared: it gets the sum that it is told to have.
final class SumCheck {
  private SumCheck() {}

  /// @param log holds what is there before
  /// @return what is wrong; empty if nothing is, as far as sums are known
  static Optional<String> flaw(ReplacedRun run, PartitionLog log) {
    List<OptionalLong> before = log.sums(run.before());
    if (run.sums().isEmpty()) {
      return before.stream().anyMatch(OptionalLong::isPresent) || run.removed() != 0
          ? Optional.of("%s: sums would be lost".formatted(run.partition()))
          : Optional.empty();
    }
    if (run.sums().size() != run.after().size()) {
      return Optional.of(
          "%s: %d sums of %d extents"
              .formatted(run.partition(), run.sums().size(), run.after().size()));
    }
    if (!run.after().stream().allMatch(PartitionLog::hasRoomForSum)) {
      return Optional.of("%s: an append time that is not the largest".formatted(run.partition()));
    }
    return compare(run, before);
  }

  private static Optional<String> compare(ReplacedRun run, List<OptionalLong> sums) {
    List<Extent> before = run.before();
    long left = run.removed();
    boolean known = true;
    int i = 0;
    for (int j = 0; j < run.after().size(); j++) {
      left += run.sums().get(j);
      long end = run.after().get(j).lastOffset();
      while (i < before.size() && before.get(i).lastOffset() <= end) {
        known &= sums.get(i).isPresent();
        left -= sums.get(i).orElse(0);
        i++;
      }
      boolean border = i > 0 && before.get(i - 1).lastOffset() == end;
      if (border && (run.removed() == 0 || i == before.size())) {
        if (known && left != 0) {
          return Optional.of(
              "%s: the batches up to offset %d are not those that were there"
                  .formatted(run.partition(), end));
        }
        left = 0;
        known = true;
      }
    }
    return Optional.empty();
  }
}
