package io.weft.agent.produce;

import io.weft.agent.files.FilePut;
import io.weft.agent.files.FilePuts;
import io.weft.agent.files.FileTakenException;
import io.weft.environment.Clock;
import io.weft.storage.object.ObjectStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes the path's files durable and says so. Thread-safe; does not keep them.
final class FileUploader {
  private static final Logger LOG = LoggerFactory.getLogger(FileUploader.class);

  private final Clock clock;
  private final FilePuts puts;
  private final FileListener listener;
  private final CommitQueue commits;
  private final ProduceFigures figures;

  FileUploader(
      Clock clock,
      FilePuts puts,
      FileListener listener,
      CommitQueue commits,
      ProduceFigures figures) {
    this.clock = clock;
    this.puts = puts;
    this.listener = listener;
    this.commits = commits;
    this.figures = figures;
  }

  /// Returns, or throws, once nobody reads the file's bytes any more.
  ///
  /// @throws FileTakenException if another's file is there under this id: it is left as it is, and
  ///   this one is given up
  void upload(FileInFlight file) {
    FilePut put = puts.of(file.id().id(), file.file().toPartitionRuns());
    if (!put.mayBeReadBehindPut()) {
      upload(file, put);
      return;
    }
    file.file().hold();
    try {
      upload(file, put);
    } finally {
      put.awaitEnd();
      file.file().letGo();
    }
  }

  private void upload(FileInFlight file, FilePut put) {
    long fileId = file.id().id();
    long startedMs = clock.monotonicMs();
    try {
      put.put();
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
      figures.uploadMs.add(clock.monotonicMs() - startedMs);
    }
    figures.filesUploaded.increment();
    listener.onUploaded(put.place(), put.file());
    commits.uploaded(file, put.file().body().length());
  }
}
