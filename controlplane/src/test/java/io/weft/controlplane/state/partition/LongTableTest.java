package io.weft.controlplane.state.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class LongTableTest {
  @Test
  void anEmptyTableHasNoKey() {
    LongTable table = new LongTable(2);

    assertThat(table.find(0)).isEqualTo(-1);
    assertThat(table.size()).isZero();
  }

  @Test
  void aRowAddedAgainBeginsWithZeros() {
    LongTable table = new LongTable(2);
    table.set(table.add(5), 1, 77);
    table.remove(table.find(5));

    assertThat(table.find(5)).isEqualTo(-1);
    assertThat(table.get(table.add(5), 1)).isZero();
  }

  @Test
  void itIsAMap() {
    for (long seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      LongTable table = new LongTable(3);
      Map<Long, Long> model = new TreeMap<>();
      int keys = 1 + random.nextInt(200);
      for (int step = 0; step < 2_000; step++) {
        long key = random.nextInt(keys) - 10L;
        int row = table.find(key);
        assertThat(row >= 0).as("seed %d, step %d", seed, step).isEqualTo(model.containsKey(key));
        if (row >= 0 && random.nextInt(3) > 0) {
          table.remove(row);
          model.remove(key);
        } else {
          long value = random.nextLong();
          table.set(row < 0 ? table.add(key) : row, 2, value);
          model.put(key, value);
        }
      }
      assertThat(table.sortedKeys())
          .as("seed %d", seed)
          .isEqualTo(model.keySet().stream().mapToLong(key -> key).toArray());
      model.forEach((key, value) -> assertThat(table.get(table.find(key), 2)).isEqualTo(value));
    }
  }
}
