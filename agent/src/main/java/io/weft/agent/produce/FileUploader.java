package io.weft.agent.produce;

import io.weft.environment.Environment;
import io.weft.storage.file.ComposedFile;
import io.weft.storage.file.FileComposer;
import io.weft.storage.file.FileLayout;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes files durable and says so. Thread-safe; keeps nothing of them.
final class FileUploader {
  private static final Logger LOG = LoggerFactory.getLogger(FileUploader.class);

  private final Environment environment;
  private final ObjectStore store;
  private final HedgedPut.Budget budget;
  private final int hedgeAfterMs;
  private final FileListener listener;
  private final CommitQueue commits;
  private final ProduceFigures figures;

  /// @param store retries by itself: what it throws is final
  FileUploader(
      Environment environment,
      ObjectStore store,
      FileListener listener,
      CommitQueue commits,
      ProduceFigures figures,
      ProduceSettings settings) {
    this.environment = environment;
    this.store = store;
    this.budget = new HedgedPut.Budget(environment.clock(), settings.earlyFlushesPerSecond());
    this.hedgeAfterMs = settings.hedgeAfterMs();
    this.listener = listener;
    this.commits = commits;
    this.figures = figures;
  }

  /// Returns once nobody reads the file's bytes any more.
  void upload(FileInFlight file) {
    ComposedFile composed = FileComposer.compose(file.file().toPartitionRuns());
    ObjectKey key = FileLayout.key(file.id().id());
    budget.spend();
    if (hedgeAfterMs == 0) {
      upload(file, composed, () -> store.put(key, composed.body()));
      return;
    }
    HedgedPut put = new HedgedPut(environment, store, key, composed.body());
    file.file().hold();
    try {
      upload(file, composed, () -> put.put(hedgeAfterMs, budget));
      put.awaitEnd();
    } finally {
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
    } finally {
      figures.uploadMs.add(environment.clock().monotonicMs() - startedMs);
    }
    figures.filesUploaded.increment();
    listener.onUploaded(fileId, composed);
    commits.uploaded(file, composed.body().length());
  }
}
