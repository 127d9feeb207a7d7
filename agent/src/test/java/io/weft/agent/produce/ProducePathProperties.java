package io.weft.agent.produce;

import static io.weft.agent.produce.ProduceRig.to;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.produce.ModelSequencer.Fault;
import io.weft.agent.produce.ProduceOutcome.Cause;
import io.weft.agent.produce.ProduceOutcome.Judged;
import io.weft.agent.produce.ProduceOutcome.NotAppended;
import io.weft.environment.Pending;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever order uploads end in, and whatever fails: each connection's batches keep their order,
/// what is acknowledged is dense, and every byte of the budget comes back.
@Timeout(300)
class ProducePathProperties {
  private static final int CONNECTIONS = 4;
  private static final int APPENDS = 300;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void orderHoldsWhateverTheStoreDoes(long seed) throws InterruptedException {
    ProduceRig rig = new ProduceRig();
    Random random = new Random(seed);
    List<List<Pending<List<ProduceOutcome>>>> connections = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      connections.add(new ArrayList<>());
    }
    List<Long> waiting = new ArrayList<>();
    int seen = 0;
    for (int i = 0; i < APPENDS; i++) {
      int connection = random.nextInt(CONNECTIONS);
      String value = "x".repeat(random.nextInt(3_000));
      connections.get(connection).add(rig.append(to(connection, value)));
      rig.time.advanceMs(random.nextInt(200));
      List<Long> begun = rig.store.begun();
      waiting.addAll(begun.subList(seen, begun.size()));
      seen = begun.size();
      // Any of those under way, not only the oldest.
      if (!waiting.isEmpty() && random.nextInt(3) > 0) {
        long fileId = waiting.remove(random.nextInt(waiting.size()));
        if (random.nextInt(5) == 0) {
          rig.store.fail(fileId);
        } else {
          rig.store.open(fileId);
        }
      }
      if (random.nextInt(10) == 0) {
        rig.sequencer.failNext(
            random.nextBoolean() ? Fault.NO_ANSWER_DONE : Fault.NO_ANSWER_NOT_DONE);
      }
    }
    rig.store.openAll();

    assertThat(rig.path.close(1_000_000)).as("seed %d", seed).isTrue();
    for (List<Pending<List<ProduceOutcome>>> appended : connections) {
      assertDense(appended, seed);
    }
    rig.awaitAllReleased();
  }

  private static void assertDense(List<Pending<List<ProduceOutcome>>> appended, long seed)
      throws InterruptedException {
    long next = 0;
    for (Pending<List<ProduceOutcome>> each : appended) {
      switch (each.await().getFirst()) {
        case Judged judged -> assertThat(judged.baseOffset()).as("seed %d", seed).isEqualTo(next++);
        case NotAppended(Cause cause) -> assertThat(cause).isEqualTo(Cause.UPLOAD_FAILED);
        case ProduceOutcome.Unknown() -> throw new AssertionError("unknown, seed " + seed);
      }
    }
  }
}
