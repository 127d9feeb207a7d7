package io.weft.agent.cache;

/// @param chunkBytes long files are kept in aligned pieces of this size
/// @param bytesMax memory outside the heap that chunks take at most, those included that are only
///   held by their readers; loads under way are on the heap
/// @param loadsMax loads under way at once, at most
/// @param heapBytesMax the heap that goes with the cache besides loads, at most: a part of it for
///   what is known of chunks, and parts for what neighbours send
public record CacheSettings(int chunkBytes, long bytesMax, int loadsMax, long heapBytesMax) {
  public static final CacheSettings STANDARD =
      new CacheSettings(8 * 1024 * 1024, 256L * 1024 * 1024, 16);

  /// Chunks take whole pages: small ones waste little of them, and long ones have few.
  private static final int PAGE_BYTES_MAX = 16 << 10;

  private static final int PAGES_PER_CHUNK = 512;

  /// What is known of chunks may have one of so many parts of the heap that goes with the cache.
  private static final int DESCRIBED_PART = 4;

  /// What a chunk takes on the heap besides what its file says of itself.
  private static final int CHUNK_HEAP_BYTES = 1 << 10;

  public CacheSettings {
    if (chunkBytes < 1 || bytesMax < 0 || loadsMax < 1 || heapBytesMax < 1) {
      throw new IllegalArgumentException(
          "chunkBytes %d, bytesMax %d, loadsMax %d, heapBytesMax %d"
              .formatted(chunkBytes, bytesMax, loadsMax, heapBytesMax));
    }
  }

  /// With no limit on the heap but the one that follows from `bytesMax`.
  public CacheSettings(int chunkBytes, long bytesMax, int loadsMax) {
    this(chunkBytes, bytesMax, loadsMax, Long.MAX_VALUE);
  }

  /// Loads for readers that have not asked yet, at once, at most; on top of the others, so that
  /// those never wait for these.
  public int aheadLoadsMax() {
    return Math.max(1, loadsMax / 2);
  }

  /// A file of at most this many bytes is one chunk: an ingest file is closed soon after it has
  /// reached its size, and the few bytes beyond should not cost a request of their own.
  int wholeFileBytesMax() {
    return (int) Math.min(chunkBytes * 3L / 2, Integer.MAX_VALUE - 8);
  }

  /// What limits on the heap may be reckoned from.
  public long heapLimitBytes() {
    return Math.min(bytesMax, heapBytesMax);
  }

  int pageBytes() {
    return Math.clamp(chunkBytes / PAGES_PER_CHUNK, 1, PAGE_BYTES_MAX);
  }

  /// What a chunk counts for: its pages, or more if it takes a larger share of the heap's limit
  /// than of theirs. So one bound holds both.
  ///
  /// @param pages bytes of them
  /// @param footer bytes of what its file says of itself
  long counted(long pages, int footer) {
    long described = Math.max(1, heapBytesMax / DESCRIBED_PART);
    return described >= bytesMax
        ? pages
        : Math.max(pages, (long) (footer + CHUNK_HEAP_BYTES) * Math.ceilDiv(bytesMax, described));
  }
}
