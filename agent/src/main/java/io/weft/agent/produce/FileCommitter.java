package io.weft.agent.produce;

import io.weft.agent.produce.ProduceOutcome.Cause;
import io.weft.agent.produce.ProduceOutcome.NotAppended;
import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.environment.Backoff;
import io.weft.environment.Environment;
import io.weft.model.Invariant;
import io.weft.storage.file.FileComposer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The loop that commits files and hands every append its outcome. One thread runs it.
///
/// An unanswered commit is asked again as it is until there is an answer: the control plane gives
/// each file the outcome it got the first time.
final class FileCommitter {
  private static final Logger LOG = LoggerFactory.getLogger(FileCommitter.class);

  private final Environment environment;
  private final Sequencer sequencer;
  private final CommitQueue queue;
  private final Backoff backoff;
  private final ProduceFigures figures;

  /// Null until the loop runs.
  private volatile Thread runner;

  FileCommitter(
      Environment environment,
      Sequencer sequencer,
      CommitQueue queue,
      Backoff backoff,
      ProduceFigures figures) {
    this.environment = environment;
    this.sequencer = sequencer;
    this.queue = queue;
    this.backoff = backoff;
    this.figures = figures;
  }

  private sealed interface Reply {
    record Answered(List<FileOutcome> outcomes) implements Reply {}

    /// There is no answer and none will be asked for.
    record Unanswered(ProduceOutcome instead) implements Reply {}
  }

  /// Returns once the queue has ended and is empty.
  void run() {
    runner = Thread.currentThread();
    try {
      while (true) {
        List<FileInFlight> group = queue.take();
        if (group.isEmpty()) {
          return;
        }
        settle(group);
      }
    } catch (InterruptedException e) {
      // Only after giving up, when nothing is left to be taken.
      Thread.currentThread().interrupt();
    }
  }

  /// Cuts the wait for an answer short. To be called after the queue has given up.
  void stop() {
    Thread running = runner;
    if (running != null) {
      running.interrupt();
    }
  }

  private void settle(List<FileInFlight> group) {
    List<UploadedFile> files =
        group.stream().map(file -> file.toUploadedFile(FileComposer.HEADER_BYTES)).toList();
    long startedMs = environment.clock().monotonicMs();
    Reply reply = ask(group, files);
    figures.commitMs.add(environment.clock().monotonicMs() - startedMs);
    switch (reply) {
      case Reply.Answered(List<FileOutcome> outcomes) -> {
        Invariant.check(outcomes.size() == group.size(), "outcomes of %d files", outcomes.size());
        for (int i = 0; i < group.size(); i++) {
          settle(group.get(i), files.get(i), outcomes.get(i));
        }
      }
      case Reply.Unanswered(ProduceOutcome instead) -> {
        for (FileInFlight file : group) {
          file.file().refuse(instead);
          file.file().release();
        }
      }
    }
  }

  private Reply ask(List<FileInFlight> group, List<UploadedFile> files) {
    // Everything before the first of these is settled: nobody will ask for it again.
    long settledBelow = files.getFirst().fileId();
    boolean mayHaveHappened = false;
    for (int attempt = 0; ; attempt++) {
      try {
        figures.commitCalls.increment();
        return new Reply.Answered(
            sequencer.commit(group.getFirst().id().agent(), settledBelow, files));
      } catch (ControlPlaneException.Rejected e) {
        LOG.error("the control plane rejects the commit of file {} and on", settledBelow, e);
        return new Reply.Unanswered(
            mayHaveHappened
                ? new ProduceOutcome.Unknown()
                : new NotAppended(Cause.COMMIT_REJECTED));
      } catch (ControlPlaneException.Unavailable e) {
        mayHaveHappened = true;
        figures.commitRetries.increment();
        LOG.warn("no answer to the commit of file {} and on: {}", settledBelow, e.getMessage());
      }
      if (queue.isGivenUp() || !paused(attempt)) {
        return new Reply.Unanswered(new ProduceOutcome.Unknown());
      }
    }
  }

  private boolean paused(int attempt) {
    try {
      backoff.pause(attempt);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void settle(FileInFlight file, UploadedFile uploaded, FileOutcome outcome) {
    switch (outcome) {
      case FileOutcome.Committed committed -> {
        // Comes first: a client that is answered sends again at once, and what it sends counts as
        // new.
        file.file().release();
        file.file().judge(committed);
        count(uploaded, committed);
        figures.filesCommitted.increment();
        figures.settleMs.add(environment.clock().monotonicMs() - file.file().openedMs());
      }
      case FileOutcome.Expired() -> {
        LOG.warn("file {} came too late: its id has expired", uploaded.fileId());
        figures.filesExpired.increment();
        // Not a definite no: a call before this one may have placed it, whose answer was lost, and
        // what became of a file is forgotten with the lease of its id.
        file.file().refuse(new ProduceOutcome.Unknown());
        file.file().release();
      }
    }
  }

  private void count(UploadedFile file, FileOutcome.Committed committed) {
    for (int i = 0; i < file.partitions().size(); i++) {
      UploadedBatches batches = file.partitions().get(i);
      BatchOutcomes outcomes = committed.partitions().get(i);
      for (int row = 0; row < batches.count(); row++) {
        switch (outcomes.verdict(row)) {
          case PLACED, DUPLICATE -> {
            figures.batches.increment();
            figures.records.add(batches.records()[row]);
            figures.bytes.add(batches.lengths()[row]);
          }
          case DUPLICATE_FORGOTTEN,
              OUT_OF_ORDER_SEQUENCE,
              INVALID_PRODUCER_EPOCH,
              UNKNOWN_PARTITION,
              INVALID_TRANSACTION_STATE,
              UNKNOWN_PRODUCER,
              NOT_IN_TRANSACTION,
              TRANSACTION_FULL ->
              figures.batchesRefused.increment();
        }
      }
    }
  }
}
