package io.weft.controlplane.state.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.model.AbortedRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class AbortedTransactionsTest {
  @Test
  void oneThatEndsFarBehindConcernsWhatLiesBetween() {
    AbortedTransactions aborted = new AbortedTransactions();
    aborted.add(new AbortedRange(1, 10, 12));
    aborted.add(new AbortedRange(2, 40, 45));
    aborted.add(new AbortedRange(3, 5, 900));

    assertThat(aborted.concerning(11, 30))
        .containsExactly(new AbortedRange(1, 10, 12), new AbortedRange(3, 5, 900));
    assertThat(aborted.concerning(13, 30)).containsExactly(new AbortedRange(3, 5, 900));
    assertThat(aborted.concerning(901, 1_000)).isEmpty();
    assertThat(aborted.concerning(0, 5)).isEmpty();
  }

  @Test
  void itFindsWhatALookAtAllFinds() {
    for (long seed = 0; seed < 60; seed++) {
      Random random = new Random(seed);
      int lengthMax = 1 + random.nextInt(200);
      AbortedTransactions aborted = new AbortedTransactions();
      List<AbortedRange> model = new ArrayList<>();
      long offset = 1;
      for (int step = 0; step < 400; step++) {
        if (random.nextInt(40) == 0) {
          long below = random.nextLong(offset + 1);
          aborted.removeBelow(below);
          model.removeIf(range -> range.markerOffset() < below);
        } else {
          offset += 1 + random.nextInt(10);
          long first = Math.max(0, offset - 1 - random.nextInt(lengthMax));
          AbortedRange range = new AbortedRange(random.nextInt(9), first, offset);
          aborted.add(range);
          model.add(range);
        }
        long from = random.nextLong(offset + 20);
        long end = from + random.nextInt(100);
        assertThat(aborted.concerning(from, end))
            .as("seed %d, step %d: %d to %d", seed, step, from, end)
            .isEqualTo(model.stream().filter(range -> range.concerns(from, end)).toList());
        assertThat(aborted.count()).isEqualTo(model.size());
      }
    }
  }
}
