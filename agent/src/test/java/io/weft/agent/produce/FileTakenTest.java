package io.weft.agent.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.fetch.TestFiles;
import io.weft.agent.files.FileSettings;
import io.weft.agent.files.ModelLedger;
import io.weft.agent.produce.ProduceOutcome.Cause;
import io.weft.agent.produce.ProduceOutcome.NotAppended;
import io.weft.environment.Pending;
import io.weft.protocol.record.RawBatch;
import io.weft.storage.file.FilePlace;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A file is created only where nothing is; what is there already is one's own, or an alarm.
@Timeout(300)
class FileTakenTest {
  private static final long FIRST = 100;

  private ProduceRig rig = new ProduceRig();

  @AfterEach
  void stop() throws InterruptedException {
    rig.path.close(0);
    rig.store.openAll();
    rig.sequencer.letGo();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 30})
  void anothersFileStaysAsItIsAndNothingIsTakenAnyMore(int hedgeAfterMs)
      throws InterruptedException {
    rig.path.close(0);
    rig = new ProduceRig(settings(hedgeAfterMs));
    byte[] theirs = fileOf(ProduceRig.CLUSTER, FIRST + 1);
    rig.store.plant(FIRST + 1, theirs);
    Pending<List<ProduceOutcome>> before = append(FIRST, "before");
    Pending<List<ProduceOutcome>> taken = append(FIRST + 1, "taken");
    Pending<List<ProduceOutcome>> behind = append(FIRST + 2, "behind");
    rig.store.open(FIRST + 1);

    assertThat(rig.path.halted().await())
        .contains("files/00000000000000000101")
        .contains("there is already file 101 of cluster rig")
        .contains("has given this id a second time")
        .contains("docs/recovery.md");
    assertThat(taken.await()).isEqualTo(refused(Cause.UPLOAD_FAILED));
    assertThat(before.await()).isEqualTo(refused(Cause.LEAVING));
    assertThat(behind.await()).isEqualTo(refused(Cause.LEAVING));
    assertThat(rig.append(ProduceRig.to(0, "after")).await()).isEqualTo(refused(Cause.LEAVING));
    assertThat(rig.store.readAll(FilePlace.of(FIRST + 1).key(), Integer.MAX_VALUE))
        .isEqualTo(theirs);
    rig.store.openAll();
    rig.awaitAllReleased();
    assertThat(rig.sequencer.calls()).isEmpty();
    assertThat(rig.path.close(60_000)).isTrue();
  }

  @Test
  void itIsSaidThatTheFileIsAnotherClusters() throws InterruptedException {
    rig.store.plant(FIRST, fileOf("another", FIRST));
    rig.store.openAll();
    rig.append(ProduceRig.to(0, "a"));

    rig.time.runUntil(rig.path.halted()::isDone);
    assertThat(rig.path.halted().await())
        .contains("where file 100 of cluster rig was to be created")
        .contains("there is already file 100 of cluster another")
        .contains("another cluster has written into this bucket");
  }

  @Test
  void whatIsNoFileIsAnAlarmToo() throws InterruptedException {
    rig.store.plant(FIRST, new byte[300]);
    rig.store.openAll();
    rig.append(ProduceRig.to(0, "a"));

    rig.time.runUntil(rig.path.halted()::isDone);
    assertThat(rig.path.halted().await())
        .contains("something that cannot be read")
        .contains("no mark of a Weft file");
    assertThat(rig.store.readAll(FilePlace.of(FIRST).key(), Integer.MAX_VALUE))
        .isEqualTo(new byte[300]);
  }

  @Test
  void theSameBatchesOfSomebodyElseAreNotOnesOwn() throws InterruptedException {
    // As after a journal was restored: the same cluster, the same id, the very same records.
    byte[] theirs = fileOf(ProduceRig.CLUSTER, FIRST);
    rig.store.plant(FIRST, theirs);
    rig.store.openAll();
    Pending<List<ProduceOutcome>> outcomes = rig.append(ProduceRig.to(0, "theirs"));

    assertThat(rig.await(outcomes)).isEqualTo(refused(Cause.UPLOAD_FAILED));
    assertThat(rig.path.halted().await()).contains("given this id a second time");
  }

  @Test
  void idsThatAreLeasedAgainAreAnAlarmBeforeAnythingIsWrittenUnderThem()
      throws InterruptedException {
    Pending<List<ProduceOutcome>> before = append(FIRST, "before");
    rig.ledger.forgetLeases();
    rig.time.advanceMs(ModelLedger.USABLE_MS);
    Pending<List<ProduceOutcome>> behind = rig.append(ProduceRig.to(0, "behind"));

    rig.time.runUntil(rig.path.halted()::isDone);
    assertThat(rig.path.halted().await())
        .contains("has leased the ids from 100 on")
        .contains("its journal has probably lost its end")
        .contains("docs/recovery.md");
    assertThat(before.await()).isEqualTo(refused(Cause.LEAVING));
    assertThat(behind.await()).isEqualTo(refused(Cause.LEAVING));
    assertThat(rig.append(ProduceRig.to(0, "after")).await()).isEqualTo(refused(Cause.LEAVING));
    assertThat(rig.store.begun()).containsExactly(FIRST);
    rig.store.openAll();
    rig.awaitAllReleased();
    assertThat(rig.sequencer.calls()).isEmpty();
    assertThat(rig.path.close(60_000)).isTrue();
  }

  /// Returns once the upload of the file has begun that this goes into alone.
  private Pending<List<ProduceOutcome>> append(long fileId, String value)
      throws InterruptedException {
    Pending<List<ProduceOutcome>> outcomes = rig.append(ProduceRig.to(0, value));
    rig.time.runUntil(() -> rig.store.begun().contains(fileId));
    return outcomes;
  }

  private static byte[] fileOf(String cluster, long fileId) {
    ByteBuffer batch = RawBatch.of("theirs").build();
    byte[] run = new byte[batch.remaining()];
    batch.get(run);
    return TestFiles.of(cluster, fileId, Map.of(ProduceRig.partition(0), run)).body().toBytes();
  }

  private static List<ProduceOutcome> refused(Cause cause) {
    return List.of(new NotAppended(cause));
  }

  private static ProduceSettings settings(int hedgeAfterMs) {
    return new ProduceSettings(
        250, 10_000, hedgeAfterMs == 0 ? 0 : 20, 3, new FileSettings(8, hedgeAfterMs, 10, 100));
  }
}
