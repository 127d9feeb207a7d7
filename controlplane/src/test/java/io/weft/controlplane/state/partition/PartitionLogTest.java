package io.weft.controlplane.state.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.state.RunBuilder;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import org.junit.jupiter.api.Test;

final class PartitionLogTest {
  private static final ProducerChecks KNOWLEDGE = new ProducerChecks(0, TransactionGate.NONE);

  private final PartitionLog log = new PartitionLog();
  private final UploadedBatches run =
      RunBuilder.run(new PartitionId(new TopicId(1, 1), 0)).idempotent(5, 0, 0, 3).build();

  @Test
  void timesNeverGoBackEvenIfTheClockDoes() {
    log.append(run, log.judge(run, true, 2_000, KNOWLEDGE), 1, 0, 2_000);
    UploadedBatches next = RunBuilder.run(run.partition()).batch(1).build();

    assertThat(log.judge(next, true, 1_000, KNOWLEDGE).logAppendTimesMs()).containsExactly(2_000);
    assertThat(log.judge(next, true, 3_000, KNOWLEDGE).logAppendTimesMs()).containsExactly(3_000);
  }

  @Test
  void judgingChangesNothing() {
    BatchOutcomes first = log.judge(run, false, 1_000, KNOWLEDGE);

    assertThat(log.judge(run, false, 1_000, KNOWLEDGE)).usingRecursiveComparison().isEqualTo(first);
    assertThat(log.highWatermark()).isZero();
    assertThat(log.spanCount()).isZero();
  }

  @Test
  void anOutcomeThatDoesNotFitIsABug() {
    BatchOutcomes outcomes = log.judge(run, false, 1_000, KNOWLEDGE);
    log.append(run, outcomes, 1, 0, 1_000);

    assertThatThrownBy(() -> log.append(run, outcomes, 2, 0, 1_000))
        .isInstanceOf(IllegalStateException.class);
  }
}
