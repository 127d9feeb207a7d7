package io.weft.server.process;

import io.weft.agent.cache.CacheSettings;
import io.weft.server.settings.SettingException;
import java.lang.management.ManagementFactory;

/// How large an agent's cache is: outside the heap, beside it in the same machine or container.
///
/// @param memoryBytes of the machine, or what the container may have
/// @param heapBytes at most
record CacheSize(long memoryBytes, long heapBytes) {
  /// The share of the memory beside the heap that the cache has if nobody says otherwise, and the
  /// least.
  private static final int MEMORY_SHARE = 4;

  private static final long BYTES_MIN = 16 << 20;

  /// The share of the heap that goes with the cache, whatever its size: loads under way, what
  /// neighbours send, and what is known of chunks.
  private static final int HEAP_SHARE = 4;

  /// Chunks loaded at once, at least, whatever the heap.
  private static final int LOADS_MIN = 2;

  static CacheSize ofThisProcess() {
    long memoryBytes =
        ManagementFactory.getOperatingSystemMXBean()
                instanceof com.sun.management.OperatingSystemMXBean machine
            ? machine.getTotalMemorySize()
            : Long.MAX_VALUE;
    return new CacheSize(memoryBytes, Runtime.getRuntime().maxMemory());
  }

  /// @param bytes as set; -1: as many as fit
  /// @throws SettingException if there is not so much memory
  CacheSettings settings(long bytes) {
    CacheSettings standard = CacheSettings.STANDARD;
    if (bytes > Math.max(0, memoryBytes - heapBytes)) {
      throw new SettingException(
          ("cache.bytes is %d; with a heap of %d that is more than the %d bytes of memory that this"
                  + " machine or container has: give less to one of them.")
              .formatted(bytes, heapBytes, memoryBytes));
    }
    long bytesMax =
        bytes >= 0 ? bytes : Math.max((memoryBytes - heapBytes) / MEMORY_SHARE, BYTES_MIN);
    long heapBytesMax = Math.max(1, heapBytes / HEAP_SHARE);
    long loadsThatFit = Math.min(bytesMax, heapBytesMax) / (2L * standard.chunkBytes());
    return new CacheSettings(
        standard.chunkBytes(),
        bytesMax,
        Math.clamp(loadsThatFit, LOADS_MIN, standard.loadsMax()),
        heapBytesMax);
  }
}
