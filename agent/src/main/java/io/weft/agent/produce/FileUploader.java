package io.weft.agent.produce;

import io.weft.environment.Environment;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.ComposedFile;
import io.weft.storage.file.FileComposer;
import io.weft.storage.file.FileOrigin;
import io.weft.storage.object.ObjectStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes files durable, each under a key that nothing was under before, and says so. Thread-safe;
/// keeps nothing of them.
final class FileUploader {
  private static final Logger LOG = LoggerFactory.getLogger(FileUploader.class);

  private final Environment environment;
  private final ClusterBucket bucket;
  private final HedgedPut.Budget budget;
  private final int hedgeAfterMs;
  private final FileListener listener;
  private final CommitQueue commits;
  private final ProduceFigures figures;

  FileUploader(
      Environment environment,
      ClusterBucket bucket,
      FileListener listener,
      CommitQueue commits,
      ProduceFigures figures,
      ProduceSettings settings) {
    this.environment = environment;
    this.bucket = bucket;
    this.budget = new HedgedPut.Budget(environment.clock(), settings.earlyFlushesPerSecond());
    this.hedgeAfterMs = settings.hedgeAfterMs();
    this.listener = listener;
    this.commits = commits;
    this.figures = figures;
  }

  /// Returns, or throws, once nobody reads the file's bytes any more.
  ///
  /// @throws FileTakenException if another's file is there under this id: it is left as it is, and
  ///   this one is given up
  void upload(FileInFlight file) {
    FileOrigin origin =
        new FileOrigin(bucket.clusterId(), file.id().id(), environment.randomness().nextLong());
    ComposedFile composed = FileComposer.compose(origin, file.file().toPartitionRuns());
    FileCreation creation = new FileCreation(bucket.store(), origin, composed.body());
    budget.spend();
    if (hedgeAfterMs == 0) {
      upload(file, composed, creation::create);
      return;
    }
    HedgedPut put = new HedgedPut(environment, creation::create);
    file.file().hold();
    try {
      upload(file, composed, () -> put.put(hedgeAfterMs, budget));
    } finally {
      put.awaitEnd();
      file.file().letGo();
    }
  }

  private void upload(FileInFlight file, ComposedFile composed, Runnable put) {
    long fileId = file.id().id();
    long startedMs = environment.clock().monotonicMs();
    try {
      put.run();
    } catch (ObjectStoreException e) {
      // It may be there or may yet come: without a commit it is an orphan and is swept as one.
      LOG.warn("file {} is given up: {}", fileId, e.getMessage());
      figures.uploadsFailed.increment();
      commits.failed(file);
      return;
    } catch (FileTakenException taken) {
      figures.uploadsFailed.increment();
      commits.failed(file);
      throw taken;
    } finally {
      figures.uploadMs.add(environment.clock().monotonicMs() - startedMs);
    }
    figures.filesUploaded.increment();
    listener.onUploaded(fileId, composed);
    commits.uploaded(file, composed.body().length());
  }
}
