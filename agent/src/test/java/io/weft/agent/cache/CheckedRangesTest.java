package io.weft.agent.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckedRangesTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void rangesAreKnownAsASetOfNumbersKnowsThem(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      CheckedRanges ranges = new CheckedRanges();
      BitSet model = new BitSet();
      for (int i = 0; i < 8; i++) {
        int from = random.nextInt(40);
        int to = from + 1 + random.nextInt(10);
        ranges.add(from, to);
        model.set(from, to);
      }
      for (int from = 0; from < 50; from++) {
        for (int to = from + 1; to <= 50; to++) {
          assertThat(ranges.covers(from, to)).isEqualTo(model.nextClearBit(from) >= to);
        }
      }
    }
  }
}
