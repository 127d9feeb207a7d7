package io.weft.agent.produce;

import static io.weft.agent.produce.ProduceRig.to;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.produce.ModelSequencer.Call;
import io.weft.agent.produce.ModelSequencer.Fault;
import io.weft.agent.produce.ProduceOutcome.Cause;
import io.weft.agent.produce.ProduceOutcome.Judged;
import io.weft.agent.produce.ProduceOutcome.NotAppended;
import io.weft.agent.produce.ProduceOutcome.Unknown;
import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.environment.Pending;
import io.weft.model.AgentId;
import io.weft.storage.file.FilePlace;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class ProducePathTest {
  private static final AgentId AGENT = new AgentId(7);

  private final ProduceRig rig = new ProduceRig();

  @AfterEach
  void stop() throws InterruptedException {
    rig.path.close(0);
    rig.store.openAll();
    rig.sequencer.letGo();
  }

  @Test
  void appendsShareAFileInTheirOrder() throws InterruptedException {
    rig.store.openAll();
    Pending<List<ProduceOutcome>> first = rig.append(to(0, "a", "b"), to(1, "c"));
    Pending<List<ProduceOutcome>> second = rig.append(to(1, "d"), to(0, "e"));

    assertThat(rig.await(first)).isEqualTo(List.of(placed(0), placed(0)));
    assertThat(rig.await(second)).isEqualTo(List.of(placed(1), placed(2)));
    assertThat(rig.store.stored()).isEqualTo(List.of(100L));
  }

  /// By them the control plane tells later that no merge has lost or changed one.
  @Test
  void aCommitTellsTheChecksumsThatTheBatchesCarry() throws InterruptedException {
    rig.store.openAll();
    ProduceAppend.Batch[] batches = {to(0, "a", "b"), to(1, "c"), to(0, "d")};
    rig.await(rig.append(batches));

    List<UploadedBatches> runs = rig.sequencer.files().getFirst().partitions();
    assertThat(runs.getFirst().checksums()).containsExactly(crc(batches[0]), crc(batches[2]));
    assertThat(runs.getLast().checksums()).containsExactly(crc(batches[1]));
  }

  private static int crc(ProduceAppend.Batch batch) {
    CRC32C crc = new CRC32C();
    ByteBuffer bytes = batch.batch().bytes().slice();
    crc.update(bytes.position(21));
    return (int) crc.getValue();
  }

  @Test
  void aFileClosesWhenItIsFull() throws InterruptedException {
    rig.store.openAll();
    Pending<List<ProduceOutcome>> first = rig.append(to(0, "x".repeat(6_000)));
    Pending<List<ProduceOutcome>> second = rig.append(to(0, "y".repeat(6_000)));

    assertThat(first.await()).isEqualTo(List.of(placed(0)));
    assertThat(second.isDone()).isFalse();
    assertThat(rig.await(second)).isEqualTo(List.of(placed(1)));
    assertThat(rig.store.stored()).isEqualTo(List.of(100L, 101L));
  }

  @Test
  void oneAppendIsOneFileHoweverLarge() throws InterruptedException {
    rig.store.openAll();
    Pending<List<ProduceOutcome>> outcomes =
        rig.append(to(0, "x".repeat(6_000)), to(1, "y".repeat(6_000)), to(0, "z".repeat(6_000)));

    assertThat(outcomes.await()).isEqualTo(List.of(placed(0), placed(0), placed(1)));
    assertThat(rig.store.stored()).isEqualTo(List.of(100L));
  }

  @Test
  void filesAreCommittedInOrderHoweverTheirUploadsEnd() throws InterruptedException {
    List<Pending<List<ProduceOutcome>>> outcomes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      outcomes.add(rig.appendAsFile(0, "record " + i));
    }
    rig.store.open(102);
    rig.store.open(101);
    rig.store.awaitStored(102);
    rig.store.awaitStored(101);
    assertThat(outcomes.get(1).isDone()).isFalse();
    rig.store.open(100);

    for (int i = 0; i < 3; i++) {
      assertThat(outcomes.get(i).await()).isEqualTo(List.of(placed(i)));
    }
  }

  @Test
  void aCommitWhoseAnswerWasLostIsAskedAgainAsItWas() throws InterruptedException {
    rig.store.openAll();
    rig.sequencer.failNext(Fault.NO_ANSWER_NOT_DONE, Fault.NO_ANSWER_DONE);

    assertThat(rig.appendAsFile(0, "a", "b").await()).isEqualTo(List.of(placed(0)));
    assertThat(rig.appendAsFile(0, "c").await()).isEqualTo(List.of(placed(2)));
    Call first = new Call(AGENT, 100, List.of(100L));
    assertThat(rig.sequencer.calls())
        .isEqualTo(List.of(first, first, first, new Call(AGENT, 101, List.of(101L))));
    assertThat(rig.path.figures().read().commitRetries()).isEqualTo(2);
  }

  @Test
  void aFailedUploadIsNotAppendedAndTheNextFileGoesOn() throws InterruptedException {
    Pending<List<ProduceOutcome>> failed = rig.appendAsFile(0, "a");
    Pending<List<ProduceOutcome>> next = rig.appendAsFile(0, "b");
    rig.store.open(101);
    rig.store.awaitStored(101);
    rig.store.fail(100);

    assertThat(failed.await()).isEqualTo(List.of(new NotAppended(Cause.UPLOAD_FAILED)));
    assertThat(next.await()).isEqualTo(List.of(placed(0)));
    assertThat(rig.sequencer.calls()).isEqualTo(List.of(new Call(AGENT, 101, List.of(101L))));
    rig.awaitAllReleased();
  }

  @Test
  void nobodyKnowsWhetherAnExpiredFileIsAppended() throws InterruptedException {
    rig.store.openAll();
    rig.sequencer.expire(100);

    assertThat(rig.appendAsFile(0, "a").await()).isEqualTo(List.of(new Unknown()));
    assertThat(rig.appendAsFile(0, "b").await()).isEqualTo(List.of(placed(0)));
    rig.awaitAllReleased();
  }

  @Test
  void aRejectedCommitIsNotAppendedUnlessAnEarlierCallMayHaveDoneIt() throws InterruptedException {
    rig.store.openAll();
    rig.sequencer.failNext(Fault.REJECTED, Fault.NO_ANSWER_DONE, Fault.REJECTED);

    assertThat(rig.appendAsFile(0, "a").await())
        .isEqualTo(List.of(new NotAppended(Cause.COMMIT_REJECTED)));
    assertThat(rig.appendAsFile(0, "b").await()).isEqualTo(List.of(new Unknown()));
    rig.awaitAllReleased();
  }

  @Test
  void everyBatchGetsItsOwnVerdict() throws InterruptedException {
    rig.store.openAll();
    rig.sequencer.judge(Verdict.OUT_OF_ORDER_SEQUENCE);
    rig.sequencer.stamp(55);

    assertThat(rig.appendAsFile(0, "a").await())
        .isEqualTo(List.of(new Judged(Verdict.OUT_OF_ORDER_SEQUENCE, -1, 55, 0)));
    assertThat(rig.path.figures().read().batchesRefused()).isEqualTo(1);
  }

  @Test
  void bytesAreHeldUntilTheCommitIsSettled() throws InterruptedException {
    rig.sequencer.hold();
    Pending<List<ProduceOutcome>> outcomes = rig.appendAsFile(0, "a");
    long bytes = ProduceRig.batch("a").sizeInBytes();
    assertThat(rig.budget.bytesHeld()).isEqualTo(bytes);
    rig.store.openAll();
    rig.sequencer.awaitCalls(1);
    assertThat(rig.budget.bytesHeld()).isEqualTo(bytes);
    rig.sequencer.letGo();
    outcomes.await();
    rig.awaitAllReleased();
  }

  @Test
  void noMoreUploadsThanAllowedAndTheActiveFileGrowsMeanwhile() throws InterruptedException {
    for (int i = 0; i < 3; i++) {
      rig.appendAsFile(0, "file " + i);
    }
    Pending<List<ProduceOutcome>> fourth = rig.append(to(0, "a"));
    rig.time.advanceMs(1_000);
    Pending<List<ProduceOutcome>> joined = rig.append(to(0, "b"));
    rig.time.advanceMs(1_000);
    rig.store.openAll();

    rig.await(fourth);
    rig.await(joined);
    assertThat(rig.store.stored()).isEqualTo(List.of(100L, 101L, 102L, 103L));
    assertThat(rig.store.underWayMost()).isEqualTo(3);
  }

  @Test
  void theListenerHearsOfAFileBeforeItsCommit() throws InterruptedException {
    rig.sequencer.hold();
    rig.store.openAll();
    rig.appendAsFile(0, "a");
    rig.sequencer.awaitCalls(1);

    assertThat(rig.announced).isEqualTo(List.of(100L));
  }

  @Test
  void aFileIsCommittedUnderTheAgentIdItWasLeasedTo() throws InterruptedException {
    Pending<List<ProduceOutcome>> before = rig.appendAsFile(0, "a");
    rig.agent = new AgentId(9);
    Pending<List<ProduceOutcome>> after = rig.appendAsFile(0, "b");
    rig.store.openAll();

    rig.await(before);
    rig.await(after);
    assertThat(rig.sequencer.calls())
        .isEqualTo(
            List.of(
                new Call(AGENT, 100, List.of(100L)), new Call(new AgentId(9), 108, List.of(108L))));
  }

  @Test
  void theFileHoldsTheBatchesWhereTheCommitSaysTheyAre() throws InterruptedException {
    rig.store.openAll();
    Pending<List<ProduceOutcome>> first = rig.append(to(1, "b", "c"), to(0, "a"));
    Pending<List<ProduceOutcome>> second = rig.append(to(1, "d"));
    rig.await(first);
    rig.await(second);

    UploadedFile file = rig.sequencer.files().getFirst();
    byte[] object = rig.store.readAll(FilePlace.of(file.fileId()).key(), 1 << 20);
    assertThat(file.bytes()).isEqualTo(object.length);
    List<ByteBuffer> batches = new ArrayList<>();
    int position = file.firstPosition();
    for (UploadedBatches run : file.partitions()) {
      for (int length : run.lengths()) {
        batches.add(ByteBuffer.wrap(object, position, length));
        position += length;
      }
    }
    assertThat(file.partitions().stream().map(UploadedBatches::partition).toList())
        .isEqualTo(List.of(ProduceRig.partition(0), ProduceRig.partition(1)));
    assertThat(batches)
        .isEqualTo(
            List.of(
                ProduceRig.batch("a").bytes(),
                ProduceRig.batch("b", "c").bytes(),
                ProduceRig.batch("d").bytes()));
  }

  @Test
  void closeFlushesCommitsAndAnswersWhatIsHere() throws InterruptedException {
    rig.store.openAll();
    Pending<List<ProduceOutcome>> outcomes = rig.append(to(0, "a"));

    assertThat(rig.path.close(1_000)).isTrue();
    assertThat(outcomes.isDone()).isTrue();
    assertThat(outcomes.await()).isEqualTo(List.of(placed(0)));
    assertThat(rig.append(to(0, "b")).await()).isEqualTo(List.of(new NotAppended(Cause.LEAVING)));
    rig.awaitAllReleased();
  }

  @Test
  void closeRefusesWhatTheStoreDoesNotTakeInTime() throws InterruptedException {
    List<Pending<List<ProduceOutcome>>> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      all.add(rig.appendAsFile(0, "file " + i));
    }
    all.add(rig.append(to(0, "waits for an upload slot")));

    assertThat(rig.path.close(0)).isFalse();
    for (Pending<List<ProduceOutcome>> each : all) {
      assertThat(each.await()).isEqualTo(List.of(new NotAppended(Cause.LEAVING)));
    }
    assertThat(rig.sequencer.calls()).isEmpty();
    rig.awaitAllReleased();
  }

  @Test
  void closeLeavesOpenWhatIsInTheMiddleOfACommit() throws InterruptedException {
    rig.store.openAll();
    rig.sequencer.hold();
    Pending<List<ProduceOutcome>> outcomes = rig.appendAsFile(0, "a");
    rig.sequencer.awaitCalls(1);

    assertThat(rig.path.close(0)).isFalse();
    assertThat(outcomes.await()).isEqualTo(List.of(new Unknown()));
    rig.awaitAllReleased();
  }

  @Test
  void closeRefusesWhatHasNoFileId() throws InterruptedException {
    rig.ledger.forget(new AgentId(9));
    rig.agent = new AgentId(9);
    Pending<List<ProduceOutcome>> outcomes = rig.append(to(0, "a"));
    rig.time.advanceMs(250);

    assertThat(rig.path.close(0)).isFalse();
    assertThat(outcomes.await()).isEqualTo(List.of(new NotAppended(Cause.LEAVING)));
    rig.awaitAllReleased();
  }

  private static Judged placed(long offset) {
    return new Judged(Verdict.PLACED, offset, -1, 0);
  }
}
