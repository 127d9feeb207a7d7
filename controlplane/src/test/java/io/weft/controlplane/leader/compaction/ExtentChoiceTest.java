package io.weft.controlplane.leader.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.leader.compaction.ExtentChoice.Window;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Which neighbours are merged.
final class ExtentChoiceTest {
  private static Window best(int... lengths) {
    return ExtentChoice.best(lengths, 64, 1_000_000);
  }

  @Test
  void equalOnesAreMergedAndLargeOnesLeftAlone() {
    assertThat(best(100, 100, 10, 10, 10, 10)).isEqualTo(new Window(2, 6, 4));
    assertThat(best(10, 10, 10, 100, 10, 10)).isEqualTo(new Window(0, 3, 3));
    assertThat(best(100, 100, 100, 100, 50, 10, 10)).isEqualTo(new Window(0, 7, 4.7));
  }

  @Test
  void oneAloneIsNotMerged() {
    assertThat(best().isEmpty()).isTrue();
    assertThat(best(5).isEmpty()).isTrue();
    assertThat(ExtentChoice.best(new int[] {600, 600}, 64, 1_000).isEmpty()).isTrue();
  }

  @Test
  void limitsHold() {
    int[] many = IntStream.generate(() -> 10).limit(100).toArray();

    assertThat(ExtentChoice.best(many, 64, 1_000_000)).isEqualTo(new Window(0, 64, 64));
    assertThat(ExtentChoice.best(many, 64, 205)).isEqualTo(new Window(0, 20, 20));
  }

  /// The same as if all neighbours were tried.
  @Test
  void noOthersGrowMore() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int[] lengths = random.ints(2 + random.nextInt(30), 1, 2 << random.nextInt(12)).toArray();
      assertThat(best(lengths).growth())
          .describedAs("seed %d: %s", seed, Arrays.toString(lengths))
          .isEqualTo(mostGrowth(lengths));
    }
  }

  private static double mostGrowth(int[] lengths) {
    double most = 0;
    for (int from = 0; from < lengths.length; from++) {
      long bytes = lengths[from];
      int largest = lengths[from];
      for (int to = from + 1; to < lengths.length; to++) {
        bytes += lengths[to];
        largest = Math.max(largest, lengths[to]);
        most = Math.max(most, (double) bytes / largest);
      }
    }
    return most;
  }
}
