package io.weft.agent.produce;

import io.weft.agent.files.FileIds.LeasedId;
import io.weft.agent.produce.FileInFlight.State;
import io.weft.agent.produce.ProduceOutcome.Cause;
import io.weft.agent.produce.ProduceOutcome.NotAppended;
import io.weft.controlplane.api.Sequencer;
import io.weft.model.Invariant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The files that are being uploaded or wait for their commit, in id order. Thread-safe; one thread
/// commits.
///
/// A file leaves at the head once it is uploaded, together with those behind it that are uploaded
/// too; while one commit is under way the next ones gather. A file whose upload failed leaves at
/// once, wherever it stands.
final class CommitQueue {
  /// Bounds what one commit tells, unless one file alone has more.
  static final int BATCHES_PER_COMMIT_MAX = 20_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<FileInFlight> files = new ArrayDeque<>();
  private long lastId = -1;
  private boolean ended;
  private boolean givenUp;

  /// Adds a file whose upload is about to begin; the caller says how that ends, exactly once.
  ///
  /// @return empty after giving up: the file is refused, nothing is to be uploaded
  Optional<FileInFlight> add(LeasedId id, ClosedFile closed) {
    FileInFlight file = new FileInFlight(id, closed);
    lock.lock();
    try {
      Invariant.check(id.id() > lastId, "file %d is out of order", id.id());
      lastId = id.id();
      if (givenUp) {
        abandon(file);
        closed.release();
        return Optional.empty();
      }
      files.addLast(file);
      return Optional.of(file);
    } finally {
      lock.unlock();
    }
  }

  /// The file is durable.
  void uploaded(FileInFlight file, long objectBytes) {
    lock.lock();
    try {
      if (file.state() == State.ABANDONED) {
        file.file().release();
        return;
      }
      file.uploaded(objectBytes);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The file is not durable, or not known to be, and will never be committed: its id is given up.
  void failed(FileInFlight file) {
    lock.lock();
    try {
      if (file.state() != State.ABANDONED) {
        Invariant.check(files.remove(file), "file %d failed after it was settled", file.id().id());
        file.file().refuse(new NotAppended(Cause.UPLOAD_FAILED));
      }
      file.file().release();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Takes the next files to be committed in one call: in id order, all of one agent. Waits for
  /// them.
  ///
  /// @return empty once nothing is left and nothing will come
  List<FileInFlight> take() throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        FileInFlight head = files.peekFirst();
        if (head == null && ended) {
          return List.of();
        }
        if (head != null && head.state() == State.UPLOADED) {
          return takeWith(head);
        }
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /// No more files will be added.
  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Refuses all that has not been taken for a commit: it never will be.
  void giveUp() {
    lock.lock();
    try {
      givenUp = true;
      for (FileInFlight file : files) {
        boolean uploaded = file.state() == State.UPLOADED;
        abandon(file);
        if (uploaded) {
          file.file().release();
        }
      }
      files.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isGivenUp() {
    lock.lock();
    try {
      return givenUp;
    } finally {
      lock.unlock();
    }
  }

  private List<FileInFlight> takeWith(FileInFlight head) {
    List<FileInFlight> group = new ArrayList<>();
    int batches = 0;
    while (true) {
      FileInFlight next = files.peekFirst();
      if (next == null
          || next.state() != State.UPLOADED
          || !next.id().agent().equals(head.id().agent())
          || group.size() == Sequencer.FILES_PER_COMMIT_MAX
          || (!group.isEmpty()
              && batches + next.file().load().batches() > BATCHES_PER_COMMIT_MAX)) {
        return group;
      }
      batches += next.file().load().batches();
      group.add(files.removeFirst());
    }
  }

  private static void abandon(FileInFlight file) {
    file.abandon();
    file.file().refuse(new NotAppended(Cause.LEAVING));
  }
}
