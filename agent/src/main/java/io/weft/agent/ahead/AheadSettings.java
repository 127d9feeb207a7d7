package io.weft.agent.ahead;

import io.weft.agent.cache.CacheSettings;

/// @param bytesMax read ahead and not asked for yet, at most, of all readers together
/// @param windowBytesMin what is read ahead of a reader at first
/// @param chunkBytes no load is of more than this
/// @param loadsMax loads under way at once, at most
/// @param readersMax readers remembered, at most
/// @param idleMs a reader that has not come back for so long has gone
public record AheadSettings(
    long bytesMax, long windowBytesMin, int chunkBytes, int loadsMax, int readersMax, long idleMs) {
  /// What is read ahead is held by the cache, among what is there for readers that pass by: as much
  /// of a cache's bytes as these parts of [#BYTES_PARTS] leave room for what they read now.
  private static final int BYTES_PART = 3;

  private static final int BYTES_PARTS = 16;
  private static final int READERS_MAX = 10_000;
  private static final long IDLE_MS = 10_000;

  /// Nothing is read ahead.
  public static final AheadSettings OFF = new AheadSettings(0, 1, 1, 1, 1, 1);

  /// What fits a cache; where that holds very few chunks, nothing is read ahead.
  public static AheadSettings of(CacheSettings cache) {
    long bytesMax = cache.bytesMax() / BYTES_PARTS * BYTES_PART;
    return bytesMax < cache.chunkBytes()
        ? OFF
        : new AheadSettings(
            bytesMax,
            Math.max(1, cache.chunkBytes() / 8),
            cache.chunkBytes(),
            cache.aheadLoadsMax(),
            READERS_MAX,
            IDLE_MS);
  }
}
