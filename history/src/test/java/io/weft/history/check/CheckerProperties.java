package io.weft.history.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.history.History;
import io.weft.history.check.ModelRun.Workload;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Histories of a correct log pass, whatever their clients do; and whatever is made wrong in one is
/// found every time, as what it is.
class CheckerProperties {
  /// More than readers of the model can be behind.
  static final long LAG_NANOS = 100_000_000_000L;

  private static final int CORRECT = 150;
  private static final int PLANTED = 100;
  private static final int SEEDS_MAX = 600;

  static Stream<Arguments> workloads() {
    return Stream.of(
        Arguments.of("idempotent", Workload.IDEMPOTENT),
        Arguments.of("plain", Workload.PLAIN),
        Arguments.of("gaps", Workload.GAPS),
        Arguments.of("transactions", Workload.TRANSACTIONS));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("workloads")
  void aCorrectHistoryPasses(String name, Workload workload) {
    for (long seed = 0; seed < CORRECT; seed++) {
      Verdict verdict = Checker.check(ModelRun.of(workload, seed), expectations(workload));
      assertThat(verdict.isClean()).as("%s, seed %d: %s", name, seed, verdict).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void whatIsMadeWrongIsFound(Kind kind) {
    int planted = 0;
    for (long seed = 0; planted < PLANTED; seed++) {
      assertThat(seed).as("too little to be made wrong").isLessThan(SEEDS_MAX);
      Workload workload = workload(kind, seed);
      Optional<History> wrong = Mutations.plant(kind, ModelRun.of(workload, seed), seed);
      if (wrong.isPresent()) {
        planted++;
        Verdict verdict = Checker.check(wrong.get(), expectations(workload));
        assertThat(verdict.bad()).as("seed %d: %s", seed, verdict).containsKey(kind);
        assertThat(verdict.anomalies()).extracting(Anomaly::kind).contains(kind);
      }
    }
  }

  @Test
  void whatPlainProducersDoubleIsCountedOnly() {
    Verdict verdict = Checker.check(ModelRun.of(Workload.PLAIN, 1), expectations(Workload.PLAIN));

    assertThat(verdict.isClean()).isTrue();
    assertThat(verdict.tolerated()).containsKeys(Kind.DUPLICATE, Kind.NONMONOTONIC_SEND);
  }

  private static Expectations expectations(Workload workload) {
    return workload.expectations().withQuietLagNanosMax(LAG_NANOS - 1);
  }

  /// One in which the kind can be, and is bad.
  private static Workload workload(Kind kind, long seed) {
    return switch (kind) {
      case OFFSET_GAP -> seed % 2 == 0 ? Workload.IDEMPOTENT : Workload.PLAIN;
      case DUPLICATE, NONMONOTONIC_SEND -> idempotent(seed);
      case INT_NONMONOTONIC_SEND,
          PRECOMMITTED_READ,
          G1C,
          TORN_TRANSACTION,
          COMMITTED_OFFSET_BACK,
          COMMITTED_OFFSET_LOST,
          ABORTED_OFFSET,
          PHANTOM_OFFSET,
          UNPROCESSED,
          PROCESSED_TWICE,
          OUTPUT_OF_NOTHING,
          INPUT_NOT_COMMITTED ->
          Workload.TRANSACTIONS;
      case INCONSISTENT_OFFSETS,
          ABORTED_READ,
          PHANTOM,
          LOST_WRITE,
          UNSEEN,
          INT_POLL_SKIP,
          INT_NONMONOTONIC_POLL,
          POLL_SKIP,
          NONMONOTONIC_POLL,
          REALTIME_ORDER,
          FUTURE_READ,
          REALTIME_LAG ->
          seed % 4 == 0 ? Workload.PLAIN : idempotent(seed);
    };
  }

  private static Workload idempotent(long seed) {
    return switch ((int) (seed % 3)) {
      case 0 -> Workload.IDEMPOTENT;
      case 1 -> Workload.GAPS;
      default -> Workload.TRANSACTIONS;
    };
  }
}
