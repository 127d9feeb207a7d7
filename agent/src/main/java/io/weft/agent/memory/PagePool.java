package io.weft.agent.memory;

import io.weft.model.Invariant;
import java.lang.foreign.Arena;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Memory outside the heap for bytes that are kept for long, in pages of one size. Thread-safe; no
/// call waits for a page.
///
/// ```
/// pool => slab*    slab => page*
/// ```
///
/// A slab is taken from the system when a page is needed and none is free, and never given back: so
/// memory is cleared once, and no collector looks at it. Pages have no order, so there is no
/// fragmentation: as many as are free can be allocated. A page counts as used as long as anything
/// holds it, whether or not its bytes can still be found.
///
/// The memory goes when nothing refers to the pool any more, nor to pages or leases of it.
public final class PagePool {
  private static final Logger LOG = LoggerFactory.getLogger(PagePool.class);

  private static final long SLAB_BYTES_MAX = 4 << 20;

  /// A small pool takes its memory in small parts too.
  private static final int SLABS_MIN = 64;

  /// What a page is filled with when it is free, in a program that runs with assertions: a reader
  /// that has no hold on it sees no batch, and no CRC that fits.
  static final byte POISON = (byte) 0xDB;

  private static final Cleaner CLEANER = Cleaner.create();

  private final int pageBytes;
  private final int pagesPerSlab;

  /// A page of it; empty where pages keep what they had.
  private final byte[] poison;

  private final Arena arena = Arena.ofShared();
  private final ReentrantLock lock = new ReentrantLock();

  /// Guarded by `lock`, as all below.
  private final List<ByteBuffer> slabs = new ArrayList<>();

  private final BitSet used = new BitSet();

  /// By page.
  private int[] holders = new int[0];

  private int pagesMax;
  private int pagesUsed;
  private long leases;
  private long bytesAllocated;

  /// There is no free page before this one.
  private int firstFree;

  /// @param bytesMax of pages at most; of the last one there may be no room for all
  public PagePool(long bytesMax, int pageBytes) {
    this.pageBytes = pageBytes;
    pagesMax = (int) Math.min(bytesMax / pageBytes, Integer.MAX_VALUE - 8);
    pagesPerSlab =
        (int)
            Math.clamp(
                bytesMax / SLABS_MIN / pageBytes, 1, Math.max(1, SLAB_BYTES_MAX / pageBytes));
    poison = new byte[PagePool.class.desiredAssertionStatus() ? pageBytes : 0];
    Arrays.fill(poison, POISON);
    CLEANER.register(this, arena::close);
  }

  /// What a pool has.
  ///
  /// @param bytesMax of pages, at most
  /// @param bytesAllocated taken from the system so far
  /// @param bytesUsed of pages that something holds
  /// @param leases that are not released
  public record Figures(long bytesMax, long bytesAllocated, long bytesUsed, long leases) {}

  public Figures figures() {
    lock.lock();
    try {
      return new Figures(
          (long) pagesMax * pageBytes, bytesAllocated, (long) pagesUsed * pageBytes, leases);
    } finally {
      lock.unlock();
    }
  }

  public int pageBytes() {
    return pageBytes;
  }

  /// Memory that so many bytes take.
  public long roundedUp(long bytes) {
    return Math.ceilDiv(bytes, pageBytes) * pageBytes;
  }

  /// Pages for so many bytes, held by the caller until it releases them.
  ///
  /// @return empty if there are not as many free ones
  public Optional<Pages> allocate(int bytes) {
    int[] numbers = new int[Math.ceilDiv(bytes, pageBytes)];
    lock.lock();
    try {
      if (numbers.length > pagesMax - pagesUsed || !grow(pagesUsed + numbers.length)) {
        return Optional.empty();
      }
      for (int i = 0; i < numbers.length; i++) {
        int page = used.nextClearBit(firstFree);
        used.set(page);
        holders[page] = 1;
        numbers[i] = page;
        firstFree = page + 1;
      }
      pagesUsed += numbers.length;
    } finally {
      lock.unlock();
    }
    return Optional.of(new Pages(this, numbers, bytes));
  }

  /// @return false if the system has no more memory: then the pool stays as large as it is
  private boolean grow(int pages) {
    while ((long) slabs.size() * pagesPerSlab < pages) {
      try {
        int left = pagesMax - slabs.size() * pagesPerSlab;
        long bytes = (long) Math.min(pagesPerSlab, left) * pageBytes;
        slabs.add(arena.allocate(bytes).asByteBuffer());
        bytesAllocated += bytes;
      } catch (OutOfMemoryError none) {
        pagesMax = Math.min(pagesMax, slabs.size() * pagesPerSlab);
        LOG.error(
            "The system has no more memory for the cache, which stays at {} bytes: {}",
            (long) pagesMax * pageBytes,
            none.getMessage());
        return false;
      }
      holders = Arrays.copyOf(holders, slabs.size() * pagesPerSlab);
    }
    return true;
  }

  boolean adjoin(int page, int next) {
    return next == page + 1 && next % pagesPerSlab != 0;
  }

  /// @param bytes from the beginning of this page on, within its slab
  ByteBuffer memory(int page, int bytes) {
    lock.lock();
    try {
      return slabs.get(page / pagesPerSlab).slice(page % pagesPerSlab * pageBytes, bytes);
    } finally {
      lock.unlock();
    }
  }

  /// One more holder for each of these pages.
  void retain(int[] numbers, int from, int to) {
    lock.lock();
    try {
      for (int i = from; i < to; i++) {
        Invariant.check(holders[numbers[i]] > 0, "page %d is held after it was freed", numbers[i]);
      }
      for (int i = from; i < to; i++) {
        holders[numbers[i]]++;
      }
      leases++;
    } finally {
      lock.unlock();
    }
  }

  /// As [#release], for the holder of a lease.
  void endLease(int[] numbers, int from, int to) {
    lock.lock();
    try {
      release(numbers, from, to);
      leases--;
    } finally {
      lock.unlock();
    }
  }

  /// One holder less.
  void release(int[] numbers, int from, int to) {
    lock.lock();
    try {
      for (int i = from; i < to; i++) {
        int page = numbers[i];
        Invariant.check(holders[page] > 0, "page %d is freed twice", page);
        holders[page]--;
        if (holders[page] == 0) {
          free(page);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private void free(int page) {
    slabs.get(page / pagesPerSlab).put(page % pagesPerSlab * pageBytes, poison);
    used.clear(page);
    pagesUsed--;
    firstFree = Math.min(firstFree, page);
  }
}
