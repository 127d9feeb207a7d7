package io.weft.agent.memory;

import io.weft.model.Invariant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// How many bytes of requests, or of answers, may be held at once: the back-pressure that keeps a
/// slow store, or slow peers, from growing the heap. Thread-safe; waiters are served strictly in
/// turn, so that a large share is not starved by small ones.
///
/// A budget may be part of a larger one: what is held of it is then held of both.
public final class ByteBudget {
  private final long bytesMax;
  private final Optional<ByteBudget> whole;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Condition> waiting = new ArrayDeque<>();
  private long bytesHeld;

  public ByteBudget(long bytesMax) {
    this(bytesMax, Optional.empty());
  }

  private ByteBudget(long bytesMax, Optional<ByteBudget> whole) {
    this.bytesMax = bytesMax;
    this.whole = whole;
  }

  /// A budget of its own whose shares count here too.
  public ByteBudget part(long partBytesMax) {
    return new ByteBudget(partBytesMax, Optional.of(this));
  }

  public long bytesMax() {
    return bytesMax;
  }

  /// The most that a share may have while others hold some.
  public long shareBytesMax() {
    return whole.isPresent() ? whole.get().shareBytesMax() : bytesMax;
  }

  public long bytesHeld() {
    lock.lock();
    try {
      return bytesHeld;
    } finally {
      lock.unlock();
    }
  }

  /// Whether somebody waits for a share.
  public boolean isAwaited() {
    lock.lock();
    try {
      return !waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until `bytes` more fit. A share larger than the whole budget gets in when nothing else
  /// is held.
  public Share acquire(long bytes) throws InterruptedException {
    take(bytes);
    if (whole.isEmpty()) {
      return new Share(bytes, Optional.empty());
    }
    boolean held = false;
    try {
      Share outer = whole.get().acquire(bytes);
      held = true;
      return new Share(bytes, Optional.of(outer));
    } finally {
      if (!held) {
        giveBack(bytes);
      }
    }
  }

  /// As [#acquire], without waiting.
  ///
  /// @return empty if so many bytes do not fit now, or others wait for theirs
  public Optional<Share> tryAcquire(long bytes) {
    if (!tryTake(bytes)) {
      return Optional.empty();
    }
    if (whole.isEmpty()) {
      return Optional.of(new Share(bytes, Optional.empty()));
    }
    Optional<Share> outer = whole.get().tryAcquire(bytes);
    if (outer.isEmpty()) {
      giveBack(bytes);
      return Optional.empty();
    }
    return Optional.of(new Share(bytes, outer));
  }

  private boolean tryTake(long bytes) {
    lock.lock();
    try {
      boolean taken = waiting.isEmpty() && fits(bytes);
      if (taken) {
        bytesHeld += bytes;
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private void take(long bytes) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (!waiting.isEmpty() || !fits(bytes)) {
        awaitTurn(bytes);
      }
      bytesHeld += bytes;
    } finally {
      lock.unlock();
    }
  }

  private void awaitTurn(long bytes) throws InterruptedException {
    Condition turn = lock.newCondition();
    waiting.addLast(turn);
    try {
      while (!turn.equals(waiting.peekFirst()) || !fits(bytes)) {
        turn.await();
      }
    } finally {
      waiting.remove(turn);
      wakeFirst();
    }
  }

  private boolean fits(long bytes) {
    return bytesHeld == 0 || bytesHeld + bytes <= bytesMax;
  }

  /// Without waiting, whatever the limit.
  private void add(long bytes) {
    lock.lock();
    try {
      bytesHeld += bytes;
    } finally {
      lock.unlock();
    }
  }

  private void giveBack(long bytes) {
    lock.lock();
    try {
      bytesHeld -= bytes;
      Invariant.check(bytesHeld >= 0, "byte budget given back twice");
      wakeFirst();
    } finally {
      lock.unlock();
    }
  }

  private void wakeFirst() {
    Condition first = waiting.peekFirst();
    if (first != null) {
      first.signal();
    }
  }

  /// Part of the budget, held until every holder that retained it has released it. Thread-safe.
  public final class Share {
    private volatile long bytes;
    private final Optional<Share> outer;
    private final AtomicInteger holders = new AtomicInteger(1);
    private volatile boolean early;
    private volatile Lease memory = Lease.NONE;

    private Share(long bytes, Optional<Share> outer) {
      this.bytes = bytes;
      this.outer = outer;
    }

    public long bytes() {
      return bytes;
    }

    /// Makes it as large as what it stands for has turned out to be, without waiting. For its one
    /// holder only, before it is released.
    public void correct(long trueBytes) {
      long more = trueBytes - bytes;
      bytes = trueBytes;
      if (more > 0) {
        add(more);
      } else {
        giveBack(-more);
      }
      outer.ifPresent(share -> share.correct(trueBytes));
    }

    /// Makes it the holder of the memory that the bytes lie in, which is given back with it: each
    /// holder of the share keeps the bytes. To be called once, by its one holder, before others see
    /// it.
    public void carry(Lease lease) {
      memory = lease;
    }

    /// One more holder; only a present holder may call this.
    public Share retain() {
      Invariant.check(holders.getAndIncrement() > 0, "retained after its release");
      return this;
    }

    /// Gives it back though its one holder still has it, if that one needs the bytes no more: its
    /// own release then does nothing.
    public void releaseEarly() {
      release();
      early = true;
    }

    public void release() {
      if (early) {
        return;
      }
      int left = holders.decrementAndGet();
      Invariant.check(left >= 0, "released more often than retained");
      if (left == 0) {
        memory.release();
        giveBack(bytes);
        outer.ifPresent(Share::release);
      }
    }
  }
}
