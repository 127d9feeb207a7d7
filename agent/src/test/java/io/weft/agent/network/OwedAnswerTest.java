package io.weft.agent.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.memory.ByteBudget;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What an answer holds, from before it is built until it is sent.
@Timeout(300)
class OwedAnswerTest {
  private final ByteBudget budget = new ByteBudget(1_000_000);

  private OwedAnswer owed() {
    return new OwedAnswer(budget, OwedAnswer.Turn.FIRST);
  }

  @Test
  void isCorrectedOnceItIsEncoded() throws Exception {
    OwedAnswer answer = owed();
    answer.makeRoom(500_000);
    assertThat(budget.bytesHeld()).isEqualTo(500_000);
    answer.encoded(200_000);
    assertThat(budget.bytesHeld()).isEqualTo(200_000);
    answer.settle();
    answer.settle();
    assertThat(budget.bytesHeld()).isZero();
  }

  @Test
  void holdsWhatItPinsWhereThatIsMore() throws Exception {
    OwedAnswer answer = owed();
    answer.makeRoom(100_000);
    answer.pins(300_000);
    answer.encoded(150_000);
    assertThat(budget.bytesHeld()).isEqualTo(300_000);
    answer.encoded(350_000);
    assertThat(budget.bytesHeld()).isEqualTo(350_000);
    answer.settle();
    assertThat(budget.bytesHeld()).isZero();
  }

  @Test
  void whatIsLargerThanAllAnswersMayBeIsRefused() throws Exception {
    OwedAnswer answer = new OwedAnswer(budget.part(1_000), OwedAnswer.Turn.FIRST);
    assertThat(answer.madeRoom(1_000_001)).isFalse();
    assertThat(budget.bytesHeld()).isZero();
    assertThat(answer.madeRoom(1_000_000)).isTrue();
    assertThat(budget.bytesHeld()).isEqualTo(1_000_000);
    answer.settle();
  }

  @Test
  void isCountedWhenItIsEncodedIfNobodyKnewItBefore() throws Exception {
    OwedAnswer answer = owed();
    answer.encoded(OwedAnswer.SMALL_BYTES);
    assertThat(budget.bytesHeld()).isZero();
    answer.encoded(OwedAnswer.SMALL_BYTES + 1);
    assertThat(budget.bytesHeld()).isEqualTo(OwedAnswer.SMALL_BYTES + 1);
  }

  @Test
  void waitsForRoomInTurn() throws Exception {
    OwedAnswer first = owed();
    OwedAnswer second = owed();
    first.makeRoom(900_000);
    Pending<Boolean> room = new Pending<>();
    Thread waiting = start(() -> second.makeRoom(200_000), room);
    awaitWaiting(waiting);
    assertThat(budget.isAwaited()).isTrue();
    first.encoded(800_000);
    assertThat(room.await()).isTrue();
    assertThat(budget.bytesHeld()).isEqualTo(1_000_000);
    assertThat(budget.isAwaited()).isFalse();
  }

  @Test
  void takesRoomWithoutWaiting() throws Exception {
    OwedAnswer first = owed();
    OwedAnswer second = owed();
    assertThat(first.takesRoom(900_000)).isTrue();
    assertThat(second.takesRoom(200_000)).isFalse();
    assertThat(budget.bytesHeld()).isEqualTo(900_000);
    first.leaveRoom();
    second.makeRoom(200_000);
    assertThat(second.takesRoom(150_000)).isTrue();
    assertThat(budget.bytesHeld()).isEqualTo(200_000);
    assertThat(second.takesRoom(250_000)).isTrue();
    assertThat(budget.bytesHeld()).isEqualTo(250_000);
    first.makeRoom(700_000);
    assertThat(second.takesRoom(350_000)).isFalse();
    assertThat(budget.bytesHeld()).isEqualTo(700_000);
  }

  @Test
  void takesNoRoomBeforeItsTurn() throws Exception {
    AnswerQueue answers = new AnswerQueue(10);
    OwedAnswer answer = new OwedAnswer(budget, answers);
    assertThat(answers.reserve()).isTrue();
    answers.put(AnswerQueueTest.owedLater());
    assertThat(answer.takesRoom(1)).isFalse();
    assertThat(answers.poll()).isPresent();
    answers.come();
    assertThat(answer.takesRoom(1)).isTrue();
  }

  @Test
  void aWaitEndsWhenNobodyWantsTheAnswer() throws Exception {
    OwedAnswer first = owed();
    OwedAnswer second = owed();
    first.makeRoom(1_000_000);
    Pending<Boolean> room = new Pending<>();
    Thread waiting = start(() -> second.makeRoom(1), room);
    awaitWaiting(waiting);
    second.abandon();
    assertThat(room.await()).isFalse();
    assertThat(budget.isAwaited()).isFalse();
    Pending<Boolean> later = new Pending<>();
    start(() -> second.whileWanted(() -> {}), later);
    assertThat(later.await()).isFalse();
  }

  @Test
  void whoIsNotWaitingIsNotInterrupted() throws Exception {
    OwedAnswer answer = owed();
    Pending<Boolean> end = new Pending<>();
    start(
        () -> {
          answer.whileWanted(() -> {});
          answer.abandon();
          if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedException("outside of a wait");
          }
        },
        end);
    assertThat(end.await()).isTrue();
  }

  /// @param end whether it went through, or was interrupted
  private static Thread start(OwedAnswer.Wait body, Pending<Boolean> end) {
    return Environment.system()
        .tasks()
        .start(
            "answering",
            () -> {
              try {
                body.await();
                end.complete(true);
              } catch (InterruptedException e) {
                end.complete(false);
              }
            });
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING && thread.isAlive()) {
      Thread.onSpinWait();
    }
  }
}
