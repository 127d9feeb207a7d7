package io.weft.agent.cache;

/// @param chunkBytes long files are kept in aligned pieces of this size
/// @param bytesMax what the cache holds at most; loads under way come on top
/// @param loadsMax loads under way at once, at most
public record CacheSettings(int chunkBytes, long bytesMax, int loadsMax) {
  public static final CacheSettings STANDARD =
      new CacheSettings(8 * 1024 * 1024, 256L * 1024 * 1024, 16);

  public CacheSettings {
    if (chunkBytes < 1 || bytesMax < 0 || loadsMax < 1) {
      throw new IllegalArgumentException(
          "chunkBytes %d, bytesMax %d, loadsMax %d".formatted(chunkBytes, bytesMax, loadsMax));
    }
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
}
