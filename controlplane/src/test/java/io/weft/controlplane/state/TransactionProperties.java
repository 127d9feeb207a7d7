package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Transactions of several producers, old and new ones, honest and stale, against a model that
/// forgets nothing. By seed.
final class TransactionProperties {
  private static final int STEPS = 1_500;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void whatIsAnsweredAndStoredIsAsInTheModel(long seed) {
    RandomTransactions random = new RandomTransactions(seed);
    for (int step = 0; step < STEPS; step++) {
      random.step();
    }
    random.compare();
  }

  @ParameterizedTest
  @ValueSource(longs = {101, 102, 103, 104, 105})
  void aRecoveryAtAnyPointChangesNothing(long seed) {
    RandomTransactions random = new RandomTransactions(seed);
    for (int step = 0; step < STEPS; step++) {
      random.step();
      if (step % 11 == 0) {
        byte[] snapshot = random.cluster.snapshot();
        random.cluster.state = TestCluster.restored(snapshot);
        assertThat(random.cluster.snapshot()).isEqualTo(snapshot);
      }
    }
    random.compare();
    assertThat(TestCluster.snapshot(random.cluster.replica())).isEqualTo(random.cluster.snapshot());
  }

  /// The random walk goes where it matters.
  @Test
  void everythingThatCanBeSaidIsSaid() {
    Set<String> said = new TreeSet<>();
    for (long seed = 1; seed <= 20; seed++) {
      RandomTransactions random = new RandomTransactions(seed);
      for (int step = 0; step < STEPS; step++) {
        random.step();
      }
      said.addAll(random.said);
    }
    assertThat(said)
        .contains(
            "PLACED",
            "DUPLICATE",
            "OUT_OF_ORDER_SEQUENCE",
            "INVALID_PRODUCER_EPOCH",
            "INVALID_TRANSACTION_STATE",
            "NOT_IN_TRANSACTION",
            "FENCED",
            "INVALID_STATE",
            "timed out");
  }
}
