package io.weft.controlplane.api;

import io.weft.controlplane.api.question.Fit;
import java.util.List;

/// Checks that the reply to a commit has one outcome for each of its files, runs and batches.
public final class CommitFit implements Fit {
  @Override
  public void check(List<?> arguments, Object reply) {
    List<?> files = (List<?>) arguments.getLast();
    List<?> outcomes = (List<?>) reply;
    Fit.checkCount(outcomes.size(), files.size());
    for (int i = 0; i < files.size(); i++) {
      switch ((FileOutcome) outcomes.get(i)) {
        case FileOutcome.Committed committed ->
            check(((UploadedFile) files.get(i)).partitions(), committed.partitions());
        case FileOutcome.Expired _ -> {}
      }
    }
  }

  private static void check(List<UploadedBatches> runs, List<BatchOutcomes> outcomes) {
    Fit.checkCount(outcomes.size(), runs.size());
    for (int i = 0; i < runs.size(); i++) {
      BatchOutcomes outcome = outcomes.get(i);
      int rows = runs.get(i).count();
      Fit.checkCount(outcome.count(), rows);
      Fit.checkCount(outcome.baseOffsets().length, rows);
      Fit.checkCount(outcome.logAppendTimesMs().length, rows);
    }
  }
}
