package io.weft.agent.network;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The answers a connection owes, in request order, between its reader and its writer. Thread-safe
/// for one of each.
///
/// The reader reserves a place before a request is handled: what is handled can be answered, and no
/// more is handled than may be owed.
final class AnswerQueue {
  private final int answersMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Owed> answers = new ArrayDeque<>();
  private int reserved;
  private boolean inHand;
  private boolean closed;
  private boolean finished;

  AnswerQueue(int answersMax) {
    this.answersMax = answersMax;
  }

  /// An answer and the request it answers.
  record Owed(Request request, Answer answer) {}

  /// Waits for a place.
  ///
  /// @return false if no more answers will be taken
  boolean reserve() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!finished && !closed && answers.size() + reserved >= answersMax) {
        changed.await();
      }
      if (finished || closed) {
        return false;
      }
      reserved++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Fills a reserved place.
  ///
  /// @return false if the queue was closed meanwhile: the answer is not wanted
  boolean put(Owed owed) {
    lock.lock();
    try {
      reserved--;
      if (closed) {
        return false;
      }
      answers.addLast(owed);
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// Gives a reserved place back.
  void unreserve() {
    lock.lock();
    try {
      reserved--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The next answer if there is one now.
  Optional<Owed> poll() {
    lock.lock();
    try {
      return next();
    } finally {
      lock.unlock();
    }
  }

  /// Waits for the next answer; empty when there will be none.
  Optional<Owed> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (answers.isEmpty() && !closed && !(finished && reserved == 0)) {
        changed.await();
      }
      return next();
    } finally {
      lock.unlock();
    }
  }

  private Optional<Owed> next() {
    Owed owed = answers.pollFirst();
    if (owed != null) {
      inHand = true;
      changed.signalAll();
    }
    return Optional.ofNullable(owed);
  }

  /// The answer taken last has been sent, or never will be.
  void settle() {
    lock.lock();
    try {
      inHand = false;
    } finally {
      lock.unlock();
    }
  }

  /// Whether the peer waits for an answer.
  boolean isOwing() {
    lock.lock();
    try {
      return inHand || reserved > 0 || !answers.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /// No more requests will be handled; what is owed is still to be sent.
  void finish() {
    lock.lock();
    try {
      finished = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Nothing more will be sent.
  ///
  /// @return what was still owed
  List<Owed> close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
      List<Owed> left = new ArrayList<>(answers);
      answers.clear();
      return left;
    } finally {
      lock.unlock();
    }
  }
}
