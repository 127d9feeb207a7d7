package io.weft.agent.produce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.agent.files.FileIds.LeasedId;
import io.weft.agent.memory.ByteBudget;
import io.weft.agent.produce.ProduceAppend.Load;
import io.weft.agent.produce.ProduceOutcome.Cause;
import io.weft.agent.produce.ProduceOutcome.NotAppended;
import io.weft.controlplane.api.Sequencer;
import io.weft.environment.Pending;
import io.weft.model.AgentId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class CommitQueueTest {
  private static final AgentId AGENT = new AgentId(7);

  private final ByteBudget budget = new ByteBudget(1 << 20);
  private final CommitQueue queue = new CommitQueue();

  @Test
  void aFileWaitsForThoseBeforeItAndTakesThoseBehindAlong() throws InterruptedException {
    List<FileInFlight> files = List.of(add(1, AGENT, 1), add(2, AGENT, 1), add(3, AGENT, 1));
    queue.uploaded(files.get(2), 10);
    queue.uploaded(files.get(1), 10);
    queue.uploaded(files.get(0), 10);

    assertThat(queue.take()).isEqualTo(files);
  }

  @Test
  void aGroupEndsAtAFileThatIsNotUploadedYet() throws InterruptedException {
    FileInFlight first = add(1, AGENT, 1);
    add(2, AGENT, 1);
    queue.uploaded(add(3, AGENT, 1), 10);
    queue.uploaded(first, 10);

    assertThat(queue.take()).isEqualTo(List.of(first));
  }

  @Test
  void aFailedFileHoldsNobodyUp() throws InterruptedException {
    FileInFlight failing = add(1, AGENT, 1);
    FileInFlight next = add(2, AGENT, 1);
    queue.uploaded(next, 10);
    queue.failed(failing);

    assertThat(queue.take()).isEqualTo(List.of(next));
    assertThat(outcomes(failing).await()).isEqualTo(List.of(new NotAppended(Cause.UPLOAD_FAILED)));
  }

  @Test
  void aGroupHasOneAgentOnly() throws InterruptedException {
    FileInFlight old = add(1, AGENT, 1);
    FileInFlight renewed = add(2, new AgentId(8), 1);
    queue.uploaded(old, 10);
    queue.uploaded(renewed, 10);

    assertThat(queue.take()).isEqualTo(List.of(old));
    assertThat(queue.take()).isEqualTo(List.of(renewed));
  }

  @Test
  void aGroupHasNoMoreFilesThanACommitMayHave() throws InterruptedException {
    List<FileInFlight> files = new ArrayList<>();
    for (int i = 0; i < Sequencer.FILES_PER_COMMIT_MAX + 1; i++) {
      files.add(add(i, AGENT, 1));
    }
    files.forEach(file -> queue.uploaded(file, 10));

    assertThat(queue.take()).isEqualTo(files.subList(0, Sequencer.FILES_PER_COMMIT_MAX));
    assertThat(queue.take()).isEqualTo(files.subList(Sequencer.FILES_PER_COMMIT_MAX, files.size()));
  }

  @Test
  void aGroupHasNoMoreBatchesThanTheLimitUnlessOneFileHas() throws InterruptedException {
    int most = CommitQueue.BATCHES_PER_COMMIT_MAX;
    List<FileInFlight> files =
        List.of(
            add(1, AGENT, most + 1), add(2, AGENT, most - 1), add(3, AGENT, 1), add(4, AGENT, 1));
    files.forEach(file -> queue.uploaded(file, 10));

    assertThat(queue.take()).isEqualTo(files.subList(0, 1));
    assertThat(queue.take()).isEqualTo(files.subList(1, 3));
    assertThat(queue.take()).isEqualTo(files.subList(3, 4));
  }

  @Test
  void afterGivingUpEverythingIsRefusedAndHeldOnlyUntilItsUploadEnds() throws InterruptedException {
    FileInFlight uploading = add(1, AGENT, 1);
    FileInFlight uploaded = add(2, AGENT, 1);
    queue.uploaded(uploaded, 10);
    queue.giveUp();

    assertThat(outcomes(uploading).await()).isEqualTo(List.of(new NotAppended(Cause.LEAVING)));
    assertThat(outcomes(uploaded).await()).isEqualTo(List.of(new NotAppended(Cause.LEAVING)));
    assertThat(budget.bytesHeld()).isEqualTo(100);
    queue.uploaded(uploading, 10);
    assertThat(budget.bytesHeld()).isZero();
    assertThat(queue.add(new LeasedId(3, AGENT), closedFile(1))).isEmpty();
    assertThat(budget.bytesHeld()).isZero();
  }

  @Test
  void onceEndedAndEmptyItSaysSo() throws InterruptedException {
    FileInFlight last = add(1, AGENT, 1);
    queue.end();
    queue.uploaded(last, 10);

    assertThat(queue.take()).isEqualTo(List.of(last));
    assertThat(queue.take()).isEmpty();
  }

  @Test
  void anIdThatDoesNotRiseIsABug() throws InterruptedException {
    add(5, AGENT, 1);

    assertThatThrownBy(() -> add(5, AGENT, 1)).isInstanceOf(IllegalStateException.class);
  }

  private FileInFlight add(long id, AgentId agent, int batches) throws InterruptedException {
    return queue.add(new LeasedId(id, agent), closedFile(batches)).orElseThrow();
  }

  /// One append of one batch and 100 bytes of the budget; counted as many batches.
  private ClosedFile closedFile(int batches) throws InterruptedException {
    ActiveFile file = new ActiveFile(0);
    ByteBudget.Share share = budget.acquire(100);
    file.add(ProduceAppend.of(List.of(ProduceRig.to(0, "a")), 1, share).getFirst());
    share.release();
    ClosedFile closed = file.close(() -> {});
    return new ClosedFile(closed.runs(), closed.appends(), new Load(1, batches, 1), 0, () -> {});
  }

  private static Pending<List<ProduceOutcome>> outcomes(FileInFlight file) {
    return file.file().appends().getFirst().outcomes();
  }
}
