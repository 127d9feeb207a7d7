package io.weft.agent.produce;

import io.weft.agent.produce.AppendOutcome.Cause;
import io.weft.agent.produce.AppendOutcome.NotAppended;
import io.weft.agent.produce.FileIds.LeasedId;
import io.weft.environment.Environment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The loop that takes closed files, gives them their ids in that order, and has them uploaded,
/// several at once, each on a thread of its own. One thread runs it.
///
/// It waits for a free upload before it takes a file, and takes an id only for a file whose upload
/// begins at once: ids are usable for a limited time.
final class FileFlusher {
  private final Environment environment;
  private final BatchIntake intake;
  private final FileIds ids;
  private final CommitQueue commits;
  private final FileUploader uploader;
  private final int uploadsMax;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<FileInFlight, Thread> uploads = new LinkedHashMap<>();
  private boolean stopped;

  FileFlusher(
      Environment environment,
      BatchIntake intake,
      FileIds ids,
      CommitQueue commits,
      FileUploader uploader,
      int uploadsMax) {
    this.environment = environment;
    this.intake = intake;
    this.ids = ids;
    this.commits = commits;
    this.uploader = uploader;
    this.uploadsMax = uploadsMax;
  }

  /// Returns once the intake has ended and every upload of its files has begun, or after [#stop()].
  /// Then no more files come to the commit queue.
  void run() {
    try {
      while (uploadIsFree()) {
        Optional<ClosedFile> file = intake.take();
        if (file.isEmpty()) {
          break;
        }
        flush(file.get());
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the flusher", e);
    } finally {
      commits.end();
    }
  }

  /// Begins no more uploads and interrupts those under way.
  void stop() {
    lock.lock();
    try {
      stopped = true;
      uploads.values().forEach(Thread::interrupt);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private boolean uploadIsFree() throws InterruptedException {
    lock.lock();
    try {
      while (!stopped && uploads.size() >= uploadsMax) {
        changed.await();
      }
      return !stopped;
    } finally {
      lock.unlock();
    }
  }

  private void flush(ClosedFile file) throws InterruptedException {
    Optional<LeasedId> id = ids.next();
    if (id.isEmpty()) {
      file.refuse(new NotAppended(Cause.LEAVING));
      file.release();
      return;
    }
    commits.add(id.get(), file).ifPresent(this::start);
  }

  private void start(FileInFlight file) {
    lock.lock();
    try {
      Thread upload = environment.tasks().start("upload", () -> upload(file));
      uploads.put(file, upload);
      if (stopped) {
        upload.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  private void upload(FileInFlight file) {
    try {
      uploader.upload(file);
    } finally {
      lock.lock();
      try {
        uploads.remove(file);
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
