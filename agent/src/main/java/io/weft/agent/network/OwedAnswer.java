package io.weft.agent.network;

import io.weft.agent.memory.ByteBudget;
import io.weft.model.Invariant;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The answer a request is owed: the bytes it may hold, and whether anybody still waits for it.
///
/// An answer gets its bytes before it is built, by what is known of it then, and is corrected once
/// it is there. Nobody waits for bytes while an earlier answer of the connection is still to come:
/// so an answer that holds some is only being built or being sent, and gives them back before long.
/// An answer that waits for something else (a long poll, a rebalance) holds none.
///
/// Thread-safe: the thread that handles the request and the one that writes its answer use it one
/// after the other, and any may say that nobody waits any more.
public final class OwedAnswer {
  /// An answer up to this long is counted with its request ([FrameReader#REQUEST_OVERHEAD_BYTES]).
  static final int SMALL_BYTES = 2 << 10;

  private final ByteBudget budget;
  private final Turn turn;
  private final ReentrantLock lock = new ReentrantLock();

  /// Guarded by `lock`, as all below; null where it holds nothing.
  private ByteBudget.Share share;

  private boolean pins;
  private Thread waiting;
  private boolean unwanted;

  /// @param budget the connection's part of its kind's
  OwedAnswer(ByteBudget budget, Turn turn) {
    this.budget = budget;
    this.turn = turn;
  }

  static OwedAnswer uncounted() {
    return new OwedAnswer(new ByteBudget(Long.MAX_VALUE), Turn.FIRST);
  }

  /// The answers of the connection before this one. Once none is still to come, none will be.
  interface Turn {
    /// There are none.
    Turn FIRST =
        new Turn() {
          @Override
          public boolean isNothingComing() {
            return true;
          }

          @Override
          public void awaitNothingComing() {}
        };

    boolean isNothingComing();

    /// Waits until no answer is still to come.
    ///
    /// @throws InterruptedException if nothing more will be sent
    void awaitNothingComing() throws InterruptedException;
  }

  /// Something that takes time.
  @FunctionalInterface
  public interface Wait {
    void await() throws InterruptedException;
  }

  /// Waits for as long as somebody wants the answer. Only what may be broken off anywhere belongs
  /// in here: nothing that others wait for.
  ///
  /// @throws InterruptedException as soon as nobody wants the answer any more
  public void whileWanted(Wait wait) throws InterruptedException {
    begin();
    try {
      wait.await();
    } finally {
      end();
    }
    if (isUnwanted()) {
      throw new InterruptedException("nobody waits for the answer");
    }
  }

  private void begin() throws InterruptedException {
    lock.lock();
    try {
      if (unwanted) {
        throw new InterruptedException("nobody waits for the answer");
      }
      waiting = Thread.currentThread();
    } finally {
      lock.unlock();
    }
  }

  private void end() {
    lock.lock();
    try {
      waiting = null;
      if (unwanted) {
        Thread.interrupted(); // it was for this wait
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isUnwanted() {
    lock.lock();
    try {
      return unwanted;
    } finally {
      lock.unlock();
    }
  }

  /// Nobody waits for the answer: what waits for its sake ends now, or before it begins.
  void abandon() {
    lock.lock();
    try {
      unwanted = true;
      if (waiting != null) {
        waiting.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits until the answer may have so many bytes. To be called before it is built, holding
  /// nothing that others wait for; what is asked for after that is added without waiting.
  public void makeRoom(long bytes) throws InterruptedException {
    if (holdsSome()) {
      add(bytes);
    } else {
      whileWanted(
          () -> {
            turn.awaitNothingComing();
            keep(budget.acquire(bytes));
          });
    }
  }

  /// As [#makeRoom], for an answer that can be refused instead.
  ///
  /// @return false, at once, if it would be larger than all answers together may be
  public boolean madeRoom(long bytes) throws InterruptedException {
    if (bytes > budget.shareBytesMax()) {
      return false;
    }
    makeRoom(bytes);
    return true;
  }

  /// As [#makeRoom] without waiting, for a caller that holds something others wait for.
  ///
  /// @return whether the answer may have so many bytes; if not, it holds none
  public boolean takesRoom(long bytes) {
    if (holdsSome() && bytesHeld() >= bytes) {
      return true;
    }
    leaveRoom();
    Optional<ByteBudget.Share> acquired =
        turn.isNothingComing() ? budget.tryAcquire(bytes) : Optional.empty();
    acquired.ifPresent(this::keep);
    return acquired.isPresent();
  }

  /// Gives back what it holds: before a wait for something else than room, if it is not built yet.
  public void leaveRoom() {
    lock.lock();
    try {
      if (share != null) {
        share.release();
        share = null;
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean holdsSome() {
    lock.lock();
    try {
      return share != null;
    } finally {
      lock.unlock();
    }
  }

  long bytesHeld() {
    lock.lock();
    try {
      return share == null ? 0 : share.bytes();
    } finally {
      lock.unlock();
    }
  }

  private void add(long bytes) {
    lock.lock();
    try {
      share.correct(Math.addExact(share.bytes(), bytes));
    } finally {
      lock.unlock();
    }
  }

  private void keep(ByteBudget.Share acquired) {
    lock.lock();
    try {
      Invariant.check(share == null, "an answer takes its bytes twice");
      share = acquired;
    } finally {
      lock.unlock();
    }
  }

  /// Says what the answer really holds besides its encoded bytes: those of the buffers it refers
  /// to. Without effect where no room was made.
  public void pins(long bytes) {
    lock.lock();
    try {
      if (share != null) {
        share.correct(bytes);
        pins = true;
      }
    } finally {
      lock.unlock();
    }
  }

  /// The answer is encoded.
  ///
  /// @param bytes of what goes out
  void encoded(long bytes) throws InterruptedException {
    if (!holdsSome()) {
      if (bytes > SMALL_BYTES) {
        makeRoom(bytes);
      }
      return;
    }
    lock.lock();
    try {
      if (!pins || bytes > share.bytes()) {
        share.correct(bytes);
      }
    } finally {
      lock.unlock();
    }
  }

  /// As [#encoded], of an answer that has come when all before it were sent.
  void encodedInTurn(long bytes) throws InterruptedException {
    if (holdsSome() || bytes <= SMALL_BYTES) {
      encoded(bytes);
    } else {
      keep(budget.acquire(bytes));
    }
  }

  /// The answer has been sent, or never will be. Further calls do nothing.
  void settle() {
    leaveRoom();
  }
}
