package io.weft.bench.micro;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.controlplane.api.FileOutcome;
import java.util.List;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// Shown beside the invocations: batches that got their place, per second. Owned by one thread.
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.OPERATIONS)
public class Placed {
  public long batches;

  void count(List<FileOutcome> outcomes) {
    for (FileOutcome outcome : outcomes) {
      switch (outcome) {
        case FileOutcome.Committed committed -> committed.partitions().forEach(this::count);
        case FileOutcome.Expired _ -> throw new IllegalStateException("a file came too late");
      }
    }
  }

  private void count(BatchOutcomes run) {
    if (run.verdict(0) != Verdict.PLACED || run.verdict(run.count() - 1) != Verdict.PLACED) {
      throw new IllegalStateException("a batch was not placed: " + run.verdict(0));
    }
    batches += run.count();
  }
}
