package io.weft.agent.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.files.FileSettings;
import io.weft.agent.memory.BlockPool;
import io.weft.agent.produce.ProduceOutcome.Cause;
import io.weft.agent.produce.ProduceOutcome.NotAppended;
import io.weft.environment.Pending;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A put that takes long is made a second time, if the budget has one.
@Timeout(300)
class HedgedPutTest {
  private static final int HEDGE_AFTER_MS = 30;

  private ProduceRig rig = rig(20);

  @AfterEach
  void stop() throws InterruptedException {
    rig.path.close(0);
    rig.store.openAll();
    rig.sequencer.letGo();
  }

  @Test
  void theSecondPutIsEnough() throws InterruptedException {
    Pending<List<ProduceOutcome>> outcomes = rig.appendAsFile(0, "a");
    rig.time.runUntil(() -> rig.store.begun().size() == 2);
    assertThat(rig.store.begun()).isEqualTo(List.of(100L, 100L));
    rig.store.openOnce(100);

    assertThat(outcomes.await().getFirst()).isInstanceOf(ProduceOutcome.Judged.class);
    rig.store.open(100);
    rig.awaitAllReleased();
  }

  @Test
  void thePutThatMeetsTheOthersFileKnowsIt() throws InterruptedException {
    Pending<List<ProduceOutcome>> outcomes = rig.appendAsFile(0, "a");
    rig.time.runUntil(() -> rig.store.begun().size() == 2);
    rig.store.open(100);

    assertThat(outcomes.await().getFirst()).isInstanceOf(ProduceOutcome.Judged.class);
    rig.awaitAllReleased();
    assertThat(rig.path.halted().isDone()).isFalse();
    rig.store.openAll();
    assertThat(rig.await(rig.append(ProduceRig.to(0, "b"))).getFirst())
        .isInstanceOf(ProduceOutcome.Judged.class);
  }

  @Test
  void thereIsNoThirdPut() throws InterruptedException {
    rig.appendAsFile(0, "a");
    rig.time.runUntil(() -> rig.store.begun().size() == 2);
    rig.time.advanceMs(10_000);
    rig.store.open(100);
    rig.awaitAllReleased();

    assertThat(rig.store.begun()).isEqualTo(List.of(100L, 100L));
  }

  @Test
  void bytesAreCountedUntilTheSlowerPutHasEnded() throws InterruptedException {
    Pending<List<ProduceOutcome>> outcomes = rig.appendAsFile(0, "a");
    rig.time.runUntil(() -> rig.store.begun().size() == 2);
    rig.store.openOnce(100);
    outcomes.await();

    assertThat(rig.budget.bytesHeld()).isPositive();
    rig.store.open(100);
    rig.awaitAllReleased();
  }

  /// What a put that is not needed any more reads is the file still, though others send meanwhile.
  @Test
  void memoryIsNotUsedAgainBeforeTheSlowerPutHasEnded() throws InterruptedException {
    Pending<List<ProduceOutcome>> outcomes = rig.appendAsFile(0, "a");
    rig.time.runUntil(() -> rig.store.begun().size() == 2);
    rig.store.openOnce(100);
    outcomes.await();
    assertThat(rig.memory.figures().blocks()).isEqualTo(1);

    BlockPool.Block others = rig.memory.take(1 << 20).orElseThrow();
    others.buffer().put(new byte[1 << 20]);
    rig.store.open(100);
    rig.time.runUntil(() -> rig.memory.figures().blocks() == 1);
    others.release();
    rig.awaitAllReleased();
  }

  @Test
  void memoryOfAFileThatIsGivenUpAtTheEndIsKeptWhileItsPutsRead() throws InterruptedException {
    Pending<List<ProduceOutcome>> outcomes = rig.appendAsFile(0, "a");
    rig.time.runUntil(() -> rig.store.begun().size() == 2);
    rig.path.close(0);
    outcomes.await();

    rig.awaitAllReleased();
  }

  @Test
  void withoutABudgetThereIsOnePut() throws InterruptedException {
    rig.path.close(0);
    rig = rig(0);
    Pending<List<ProduceOutcome>> outcomes = rig.appendAsFile(0, "a");
    rig.time.advanceMs(10_000);
    rig.store.openOnce(100);

    assertThat(rig.await(outcomes).getFirst()).isInstanceOf(ProduceOutcome.Judged.class);
    assertThat(rig.store.begun()).isEqualTo(List.of(100L));
  }

  @Test
  void ifBothFailTheFileIsGivenUp() throws InterruptedException {
    Pending<List<ProduceOutcome>> outcomes = rig.appendAsFile(0, "a");
    rig.time.runUntil(() -> rig.store.begun().size() == 2);
    rig.store.fail(100);

    assertThat(outcomes.await()).isEqualTo(List.of(new NotAppended(Cause.UPLOAD_FAILED)));
    rig.awaitAllReleased();
  }

  private static ProduceRig rig(int earlyPerSecond) {
    return new ProduceRig(
        new ProduceSettings(
            250, 10_000, earlyPerSecond, 3, new FileSettings(8, HEDGE_AFTER_MS, 10, 100)));
  }
}
