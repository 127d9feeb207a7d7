package io.weft.agent.network;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.protocol.ApiKeys;

/// The answers a connection owes, in request order, between its reader and its writer. Thread-safe
/// for one of each.
///
/// The reader reserves a place before a request is handled: what is handled can be answered, and no
/// more is handled than may be owed. Of answers with records, which are long, a few are owed at
/// most. It also knows of the answers that are still to come: what is to hold bytes of the answers'
/// budget waits for those ([OwedAnswer]).
final class AnswerQueue implements OwedAnswer.Turn {
  /// Answers with records that may be owed: one on its way, one to follow it.
  static final int RECORD_ANSWERS_MAX = 2;

  private final int answersMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Owed> answers = new ArrayDeque<>();
  private int reserved;
  private Optional<Owed> inHand = Optional.empty();
  private int recordAnswers;
  private int deferred;
  private boolean closed;
  private boolean finished;

  AnswerQueue(int answersMax) {
    this.answersMax = answersMax;
  }

  /// An answer and the request it answers.
  record Owed(Request request, Outgoing outgoing) {
    boolean hasRecords() {
      return areRecords(request.header().apiKey());
    }
  }

  /// Whether answers of this kind carry records.
  static boolean areRecords(ApiKeys api) {
    return api == ApiKeys.FETCH || api == ApiKeys.SHARE_FETCH;
  }

  /// Waits for a place.
  ///
  /// @return false if no more answers will be taken
  boolean reserve() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!finished && !closed && isFull()) {
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

  private boolean isFull() {
    return answers.size() + reserved >= answersMax || recordAnswers >= RECORD_ANSWERS_MAX;
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
      recordAnswers += owed.hasRecords() ? 1 : 0;
      deferred += owed.outgoing() instanceof Outgoing.Deferred ? 1 : 0;
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
      inHand = Optional.of(owed);
      changed.signalAll();
    }
    return Optional.ofNullable(owed);
  }

  /// The answer taken last was still to come, and has come.
  void come() {
    lock.lock();
    try {
      deferred--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isNothingComing() {
    lock.lock();
    try {
      return deferred == 0 && !closed;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void awaitNothingComing() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (deferred > 0 && !closed) {
        changed.await();
      }
      if (closed) {
        throw new InterruptedException("the connection is closed");
      }
    } finally {
      lock.unlock();
    }
  }

  /// The answer taken last has been sent, or never will be.
  void settle() {
    lock.lock();
    try {
      if (inHand.filter(Owed::hasRecords).isPresent()) {
        recordAnswers--;
        changed.signalAll();
      }
      inHand = Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /// Whether the peer waits for an answer.
  boolean isOwing() {
    lock.lock();
    try {
      return inHand.isPresent() || reserved > 0 || !answers.isEmpty();
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
