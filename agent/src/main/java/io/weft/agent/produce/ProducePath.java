package io.weft.agent.produce;

import io.weft.agent.files.FileIds;
import io.weft.agent.files.FilePuts;
import io.weft.agent.files.FileSettings;
import io.weft.agent.files.HedgedPut;
import io.weft.controlplane.api.Sequencer;
import io.weft.environment.Backoff;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.storage.bucket.ClusterBucket;
import java.util.List;

/// The way of batches into the log: the entry of this package. Thread-safe; runs a loop that
/// flushes, a loop that commits, and a thread per upload.
public final class ProducePath {
  private final Environment environment;
  private final BatchIntake intake;
  private final FileIds ids;
  private final FileFlusher flusher;
  private final CommitQueue commits;
  private final FileCommitter committer;
  private final ProduceFigures figures = new ProduceFigures();
  private final Pending<Boolean> drained = new Pending<>();

  private ProducePath(
      Environment environment,
      ClusterBucket bucket,
      Sequencer sequencer,
      FileIds ids,
      FileListener listener,
      ProduceSettings settings) {
    this.environment = environment;
    this.ids = ids;
    this.intake = new BatchIntake(environment, FlushPolicy.of(settings), ids::prepare);
    this.commits = new CommitQueue();
    HedgedPut.Budget budget =
        new HedgedPut.Budget(environment.clock(), settings.earlyFlushesPerSecond());
    FilePuts puts = new FilePuts(environment, bucket, budget, settings.files());
    FileUploader uploader = new FileUploader(environment.clock(), puts, listener, commits, figures);
    this.flusher =
        new FileFlusher(environment, intake, ids, commits, uploader, settings.uploadsMax());
    FileSettings files = settings.files();
    Backoff backoff = new Backoff(environment, files.backoffMsMin(), files.backoffMsMax());
    this.committer = new FileCommitter(environment, sequencer, commits, backoff, figures);
  }

  /// Starts the loops and asks for the first file ids.
  ///
  /// @param bucket its store's attempts are over when it throws
  /// @param ids closed with this path
  public static ProducePath start(
      Environment environment,
      ClusterBucket bucket,
      Sequencer sequencer,
      FileIds ids,
      FileListener listener,
      ProduceSettings settings) {
    ProducePath path = new ProducePath(environment, bucket, sequencer, ids, listener, settings);
    ids.prepare();
    environment.tasks().start("flusher", path.flusher::run);
    environment.tasks().start("committer", path::commit);
    return path;
  }

  /// Takes the batches of one request. They go into one file, in their order, behind those of every
  /// append that returned before this call began.
  ///
  /// Does not wait. The answer has one outcome per batch, in order; it always comes, but it may
  /// take as long as store and control plane are away.
  public Pending<List<ProduceOutcome>> append(ProduceAppend append) {
    return intake.append(append);
  }

  /// Comes only if this path has stopped by itself, for good: a file's id was given before, so that
  /// nothing it is told can be relied on. Everything that was not being committed is refused then.
  ///
  /// @return why, in a sentence for the operator
  public Pending<String> halted() {
    return flusher.halted();
  }

  public ProduceFigures figures() {
    return figures;
  }

  /// Takes nothing more, flushes and commits what is here, and waits until every append has its
  /// outcome, but at most `drainMs`. What is not settled by then is refused; what is in the middle
  /// of a commit then gets `Unknown`.
  ///
  /// @return true if everything was settled in its own way
  public boolean close(long drainMs) throws InterruptedException {
    intake.end();
    try {
      return drained.awaitMs(environment, drainMs);
    } finally {
      // In this order: nothing that is refused here may be committed after all.
      commits.giveUp();
      ids.close();
      flusher.stop();
      intake.abandon();
      committer.stop();
    }
  }

  private void commit() {
    committer.run();
    drained.complete(true);
  }
}
