package io.weft.agent.produce;

import io.weft.environment.Environment;
import io.weft.storage.file.ComposedFile;
import io.weft.storage.file.FileComposer;
import io.weft.storage.file.FileLayout;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes one file durable and says so. Thread-safe; keeps nothing.
final class FileUploader {
  private static final Logger LOG = LoggerFactory.getLogger(FileUploader.class);

  private final Environment environment;
  private final ObjectStore store;
  private final FileListener listener;
  private final CommitQueue commits;
  private final ProduceFigures figures;

  /// @param store retries by itself: what it throws is final
  FileUploader(
      Environment environment,
      ObjectStore store,
      FileListener listener,
      CommitQueue commits,
      ProduceFigures figures) {
    this.environment = environment;
    this.store = store;
    this.listener = listener;
    this.commits = commits;
    this.figures = figures;
  }

  void upload(FileInFlight file) {
    long fileId = file.id().id();
    ComposedFile composed = FileComposer.compose(file.file().toPartitionRuns());
    long startedMs = environment.clock().monotonicMs();
    try {
      store.put(FileLayout.key(fileId), composed.body());
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
