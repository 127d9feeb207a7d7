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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Memory outside the heap for bytes that have to lie in one piece and are kept for a short time.
/// It is used again and again: nothing clears it, no collector copies it. Thread-safe; no call
/// waits for memory.
///
/// ```
/// pool => slab*    slab => page*    block => adjoining pages of one slab
/// ```
///
/// A block is the first run of free pages that is long enough: what is used most is at the front,
/// and a quiet process touches little of the rest. A slab is taken from the system when no other
/// has room, and never given back.
///
/// The memory goes when nothing refers to the pool any more, nor to a block of it.
public final class BlockPool {
  private static final Logger LOG = LoggerFactory.getLogger(BlockPool.class);

  private static final int PAGE_BYTES = 16 << 10;

  private static final int PAGES_PER_SLAB = 256;

  /// No block is longer.
  public static final int BLOCK_BYTES_MAX = PAGE_BYTES * PAGES_PER_SLAB;

  private static final Cleaner CLEANER = Cleaner.create();

  /// A page of it; empty where free memory keeps what it had.
  private final byte[] poison;

  private final Arena arena = Arena.ofShared();
  private final ReentrantLock lock = new ReentrantLock();

  /// Guarded by `lock`, as all below.
  private final List<Slab> slabs = new ArrayList<>();

  private int slabsMax;
  private long pagesUsed;
  private int blocks;

  /// @param used which of its pages a block has
  private record Slab(ByteBuffer memory, BitSet used) {
    /// @return the first of so many adjoining free pages, or -1
    int firstOf(int pages) {
      int from = used.nextClearBit(0);
      while (from + pages <= PAGES_PER_SLAB) {
        int end = used.nextSetBit(from);
        if (end < 0 || end - from >= pages) {
          return from;
        }
        from = used.nextClearBit(end);
      }
      return -1;
    }
  }

  /// @param bytesMax that it takes from the system, in whole slabs of [#BLOCK_BYTES_MAX]: none if
  ///   it is less than one
  public BlockPool(long bytesMax) {
    slabsMax = (int) Math.min(bytesMax / BLOCK_BYTES_MAX, Integer.MAX_VALUE);
    poison = new byte[BlockPool.class.desiredAssertionStatus() ? PAGE_BYTES : 0];
    Arrays.fill(poison, PagePool.POISON);
    CLEANER.register(this, arena::close);
  }

  /// What a pool has.
  ///
  /// @param bytesAllocated taken from the system so far
  /// @param bytesUsed of blocks that are not released
  /// @param blocks that are not released
  public record Figures(long bytesAllocated, long bytesUsed, int blocks) {}

  public Figures figures() {
    lock.lock();
    try {
      return new Figures((long) slabs.size() * BLOCK_BYTES_MAX, pagesUsed * PAGE_BYTES, blocks);
    } finally {
      lock.unlock();
    }
  }

  /// Memory for so many bytes, held by the caller until it is released. What is in it is chance.
  ///
  /// @param bytes at least one
  /// @return empty if there is no room, or never will be for a block of this length
  public Optional<Block> take(int bytes) {
    Invariant.check(bytes > 0, "a block of %d bytes", bytes);
    int pages = Math.ceilDiv(bytes, PAGE_BYTES);
    if (pages > PAGES_PER_SLAB) {
      return Optional.empty();
    }
    lock.lock();
    try {
      for (Slab slab : slabs) {
        int first = slab.firstOf(pages);
        if (first >= 0) {
          return Optional.of(block(slab, first, pages, bytes));
        }
      }
      return grow() ? Optional.of(block(slabs.getLast(), 0, pages, bytes)) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private Block block(Slab slab, int first, int pages, int bytes) {
    slab.used().set(first, first + pages);
    pagesUsed += pages;
    blocks++;
    return new Block(slab, first, pages, slab.memory().slice(first * PAGE_BYTES, bytes));
  }

  /// @return false if there may not be more, or the system has none
  private boolean grow() {
    if (slabs.size() >= slabsMax) {
      return false;
    }
    try {
      ByteBuffer memory = arena.allocate(BLOCK_BYTES_MAX).asByteBuffer();
      slabs.add(new Slab(memory, new BitSet(PAGES_PER_SLAB)));
      return true;
    } catch (OutOfMemoryError none) {
      slabsMax = slabs.size();
      LOG.error(
          "The system has no more memory for requests, which stay at {} bytes outside the heap: {}",
          (long) slabsMax * BLOCK_BYTES_MAX,
          none.getMessage());
      return false;
    }
  }

  private void free(Slab slab, int first, int pages) {
    if (poison.length > 0) {
      for (int page = first; page < first + pages; page++) {
        slab.memory().put(page * PAGE_BYTES, poison);
      }
    }
    lock.lock();
    try {
      slab.used().clear(first, first + pages);
      pagesUsed -= pages;
      blocks--;
    } finally {
      lock.unlock();
    }
  }

  /// Memory in one piece. Its holder writes to it before others see it.
  public final class Block implements Lease {
    private final Slab slab;
    private final int first;
    private final int pages;
    private final ByteBuffer buffer;
    private final AtomicBoolean released = new AtomicBoolean();

    private Block(Slab slab, int first, int pages, ByteBuffer buffer) {
      this.slab = slab;
      this.first = first;
      this.pages = pages;
      this.buffer = buffer;
    }

    /// All of it, as long as was asked for.
    public ByteBuffer buffer() {
      return buffer.duplicate();
    }

    @Override
    public long bytes() {
      return (long) pages * PAGE_BYTES;
    }

    @Override
    public void release() {
      Invariant.check(!released.getAndSet(true), "a block released twice");
      free(slab, first, pages);
    }
  }
}
