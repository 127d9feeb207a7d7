package io.weft.agent.produce;

import io.weft.agent.files.FileIds;
import io.weft.agent.files.FileIds.IdsRepeatedException;
import io.weft.agent.files.FileIds.LeasedId;
import io.weft.agent.files.FileTakenException;
import io.weft.agent.produce.ProduceOutcome.Cause;
import io.weft.agent.produce.ProduceOutcome.NotAppended;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The loop that takes closed files, gives them their ids in that order, and has them uploaded,
/// several at once, each on a thread of its own. One thread runs it.
///
/// It waits for a free upload before it takes a file, and takes an id only for a file whose upload
/// begins at once: ids are usable for a limited time.
final class FileFlusher {
  private static final Logger LOG = LoggerFactory.getLogger(FileFlusher.class);

  private final Environment environment;
  private final BatchIntake intake;
  private final FileIds ids;
  private final CommitQueue commits;
  private final FileUploader uploader;
  private final int uploadsMax;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<FileInFlight, Thread> uploads = new LinkedHashMap<>();
  private final Pending<String> halted = new Pending<>();
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

  /// Comes only if an id was given twice: another's file was met under one of ours, or ids that we
  /// had were leased again.
  Pending<String> halted() {
    return halted;
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
    Optional<LeasedId> id = nextId();
    if (id.isEmpty()) {
      file.refuse(new NotAppended(Cause.LEAVING));
      file.release();
      return;
    }
    commits.add(id.get(), file).ifPresent(this::start);
  }

  private Optional<LeasedId> nextId() throws InterruptedException {
    try {
      return ids.next();
    } catch (IdsRepeatedException repeated) {
      halt(repeated.getMessage());
      return Optional.empty();
    }
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
    } catch (FileTakenException taken) {
      halt(taken.getMessage());
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

  /// What the control plane says cannot be relied on any more: takes nothing more, and refuses all
  /// that is not being committed.
  private void halt(String why) {
    LOG.error("THIS AGENT TAKES NO MORE RECORDS: {}", why);
    intake.end();
    commits.giveUp();
    ids.close();
    stop();
    intake.abandon();
    halted.complete(why);
  }
}
