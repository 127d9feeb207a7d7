package io.weft.agent.memory;

import io.weft.model.Invariant;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;

/// Bytes in pages of a [PagePool]. A page is free again once the holder that allocated it has
/// released it, and so have all leases of bytes in it. Thread-safe.
///
/// Only the holder that allocated the pages writes to them, and only before others see them.
public final class Pages {
  private final PagePool pool;
  private final int[] numbers;
  private final int length;
  private final AtomicBoolean released = new AtomicBoolean();

  /// @param numbers of the pages, in the order of the bytes
  Pages(PagePool pool, int[] numbers, int length) {
    this.pool = pool;
    this.numbers = numbers;
    this.length = length;
  }

  public int length() {
    return length;
  }

  /// Memory that they take.
  public long sizeInBytes() {
    return (long) numbers.length * pool.pageBytes();
  }

  /// Views of the memory, in order; pages that lie side by side are one.
  public List<ByteBuffer> buffers() {
    List<ByteBuffer> buffers = new ArrayList<>();
    int left = length;
    int at = 0;
    while (at < numbers.length) {
      int first = at;
      do {
        at++;
      } while (at < numbers.length && pool.adjoin(numbers[at - 1], numbers[at]));
      int bytes = (int) Math.min(left, (long) (at - first) * pool.pageBytes());
      buffers.add(pool.memory(numbers[first], bytes));
      left -= bytes;
    }
    return buffers;
  }

  /// Copies bytes in, as many as there is place for.
  public void fill(List<ByteBuffer> sources) {
    List<ByteBuffer> targets = buffers();
    int next = 0;
    for (ByteBuffer source : sources) {
      ByteBuffer left = source.duplicate();
      while (left.hasRemaining()) {
        if (!targets.get(next).hasRemaining()) {
          next++;
        }
        ByteBuffer target = targets.get(next);
        int bytes = Math.min(left.remaining(), target.remaining());
        target.put(left.slice(left.position(), bytes));
        left.position(left.position() + bytes);
      }
    }
  }

  /// Keeps some of the bytes; only a holder of these may call this.
  ///
  /// @param to exclusive
  public Lease lease(int from, int to) {
    Objects.checkFromToIndex(from, to, length);
    int first = from / pool.pageBytes();
    int end = from == to ? first : (to - 1) / pool.pageBytes() + 1;
    pool.retain(numbers, first, end);
    return new Range(first, end);
  }

  /// The holder that allocated them needs them no more; to be called once.
  public void release() {
    Invariant.check(!released.getAndSet(true), "pages released twice");
    pool.release(numbers, 0, numbers.length);
  }

  private final class Range implements Lease {
    private final int first;
    private final int end;
    private final AtomicBoolean over = new AtomicBoolean();

    Range(int first, int end) {
      this.first = first;
      this.end = end;
    }

    @Override
    public long bytes() {
      return (long) (end - first) * pool.pageBytes();
    }

    @Override
    public void release() {
      Invariant.check(!over.getAndSet(true), "a lease released twice");
      pool.endLease(numbers, first, end);
    }
  }
}
