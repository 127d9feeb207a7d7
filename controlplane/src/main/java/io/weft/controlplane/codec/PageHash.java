package io.weft.controlplane.codec;

import java.nio.ByteBuffer;

/// A hash over a row of pages, to tell two of them apart. Stateless.
public final class PageHash {
  private static final long START = 0xCBF29CE484222325L;
  private static final long PRIME = 0x100000001B3L;

  private PageHash() {}

  /// 64 bits (FNV-1a) of all bytes, wherever the pages end. The pages are used up.
  public static long fnv1a(Iterable<ByteBuffer> pages) {
    long hash = START;
    for (ByteBuffer page : pages) {
      while (page.hasRemaining()) {
        hash = (hash ^ (page.get() & 0xFF)) * PRIME;
      }
    }
    return hash;
  }
}
