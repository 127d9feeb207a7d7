package io.weft.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.cache.CacheSettings;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the heap allows.
class AgentOptionsTest {
  @ParameterizedTest
  @CsvSource({"0, 2", "67108864, 4", "268435456, 16", "1099511627776, 16"})
  void loadsUnderWayNeedNoMoreThanTheCacheAgain(long cacheBytes, int loadsMax) {
    CacheSettings cache = AgentOptions.cache(cacheBytes);

    assertThat(cache.loadsMax()).isEqualTo(loadsMax);
  }
}
