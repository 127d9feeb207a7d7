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
      int longOnesIn = 1 + random.nextInt(40);
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
          boolean isLong = random.nextInt(longOnesIn) == 0;
          long first =
              isLong
                  ? random.nextLong(offset)
                  : Math.max(0, offset - 1 - random.nextInt(lengthMax));
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
        assertStepsAreFew(aborted, from, end);
      }
    }
  }

  /// One long transaction behind many short ones, as one on a busy partition that is aborted at its
  /// time-out: a reader of the offsets it spans finds it without passing by all that ended
  /// meanwhile.
  @Test
  void aLongTransactionCostsNoWalkOverTheShortOnesItSpans() {
    AbortedTransactions aborted = new AbortedTransactions();
    int shortOnes = 100_000;
    for (int i = 0; i < shortOnes; i++) {
      aborted.add(new AbortedRange(1, 10L * i + 1, 10L * i + 5));
    }
    aborted.add(new AbortedRange(2, 0, 10L * shortOnes));

    assertThat(aborted.concerning(20, 30))
        .containsExactly(new AbortedRange(1, 21, 25), new AbortedRange(2, 0, 10L * shortOnes));
    for (long from = 0; from < 10L * shortOnes; from += 9_970) {
      assertStepsAreFew(aborted, from, from + 10);
    }
  }

  /// A way down the tree and its neighbours, for each that is found and once more.
  private static void assertStepsAreFew(AbortedTransactions aborted, long from, long upTo) {
    int found = aborted.concerning(from, upTo).size();
    int depth = 36 - Integer.numberOfLeadingZeros(aborted.count() | 1);
    assertThat(aborted.new Search(from, upTo).steps())
        .as("%d found among %d", found, aborted.count())
        .isLessThanOrEqualTo(2 * depth * (found + 1));
  }
}
