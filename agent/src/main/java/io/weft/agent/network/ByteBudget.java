package io.weft.agent.network;

import io.weft.model.Invariant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// How many bytes of requests may be held at once: the back-pressure that keeps a slow store from
/// growing the heap. Thread-safe; waiters are served in turn.
public final class ByteBudget {
  private final long bytesMax;
  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition given = lock.newCondition();
  private long bytesHeld;

  public ByteBudget(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  public long bytesMax() {
    return bytesMax;
  }

  public long bytesHeld() {
    lock.lock();
    try {
      return bytesHeld;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until `bytes` more fit. A share larger than the whole budget gets in when nothing else
  /// is held.
  public Share acquire(int bytes) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (bytesHeld > 0 && bytesHeld + bytes > bytesMax) {
        given.await();
      }
      bytesHeld += bytes;
    } finally {
      lock.unlock();
    }
    return new Share(bytes);
  }

  private void giveBack(int bytes) {
    lock.lock();
    try {
      bytesHeld -= bytes;
      Invariant.check(bytesHeld >= 0, "byte budget given back twice");
      given.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Part of the budget, held until everyone who retained it has released it. Thread-safe.
  public final class Share {
    private final int bytes;
    private final AtomicInteger holders = new AtomicInteger(1);

    private Share(int bytes) {
      this.bytes = bytes;
    }

    public int bytes() {
      return bytes;
    }

    /// One more holder; only somebody who holds it may call this.
    public Share retain() {
      Invariant.check(holders.getAndIncrement() > 0, "retained after its release");
      return this;
    }

    public void release() {
      int left = holders.decrementAndGet();
      Invariant.check(left >= 0, "released more often than retained");
      if (left == 0) {
        giveBack(bytes);
      }
    }
  }
}
