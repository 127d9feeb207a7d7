package io.weft.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.server.process.AgentOptions.CacheSize;
import io.weft.server.settings.SettingException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the heap, and the memory beside it, allow.
class CacheSizeTest {
  private static final long MIB = 1 << 20;

  @ParameterizedTest
  @CsvSource({"0, 2", "67108864, 4", "268435456, 16", "1099511627776, 16"})
  void loadsUnderWayNeedNoMoreThanTheCacheAgain(long cacheBytes, int loadsMax) {
    CacheSize size = new CacheSize(Long.MAX_VALUE, 4_096 * MIB);

    assertThat(size.settings(cacheBytes).loadsMax()).isEqualTo(loadsMax);
  }

  @ParameterizedTest
  @CsvSource({"96, 2", "256, 4", "512, 8", "1024, 16", "16384, 16"})
  void loadsUnderWayAreOnTheHeapAndFitIntoAQuarterOfIt(long heapMib, int loadsMax) {
    CacheSize size = new CacheSize(Long.MAX_VALUE, heapMib * MIB);

    assertThat(size.settings(100_000 * MIB).loadsMax()).isEqualTo(loadsMax);
  }

  @ParameterizedTest
  @CsvSource({"8192, 2048, 1536", "1024, 512, 128", "512, 384, 32", "512, 500, 16", "256, 512, 16"})
  void theDefaultIsAQuarterOfWhatTheHeapLeaves(long memoryMib, long heapMib, long cacheMib) {
    CacheSize size = new CacheSize(memoryMib * MIB, heapMib * MIB);

    assertThat(size.settings(-1).bytesMax()).isEqualTo(cacheMib * MIB);
  }

  @Test
  void whatDoesNotFitBesideTheHeapStopsTheStart() {
    CacheSize size = new CacheSize(1_024 * MIB, 512 * MIB);

    assertThat(size.settings(512 * MIB).bytesMax()).isEqualTo(512 * MIB);
    assertThatThrownBy(() -> size.settings(513 * MIB))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("cache.bytes is 537919488")
        .hasMessageContaining("1073741824 bytes of memory");
  }
}
