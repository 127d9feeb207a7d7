package io.weft.agent.api.share;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.fetch.FetchClient;
import io.weft.agent.share.Member;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a round holds while its answer has no room.
@Timeout(300)
final class ShareRoundTest {
  private final QueueRig rig = new QueueRig(2);

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void whoWaitsForRoomHoldsNoRecords() throws InterruptedException {
    rig.produce(0, "a", "b");
    FullAnswers full = new FullAnswers();
    Pending<List<String>> slow = begin("slow", 60_000, full);
    long bytes = full.asked.await();

    assertThat(serve("quick", 0, FetchClient.PATIENT)).containsExactly("0-1*1");
    rig.produce(0, "c");
    full.room.complete(bytes);
    assertThat(slow.await()).containsExactly("2-2*1");
    assertThat(full.steps).containsExactly("none", "made", "some", "pinned");
  }

  /// Others got all of it meanwhile: nothing is held while it waits for more.
  @Test
  void roomThatIsNotUsedIsLeft() throws InterruptedException {
    rig.produce(0, "a");
    FullAnswers full = new FullAnswers();
    Pending<List<String>> slow = begin("slow", 60_000, full);
    long bytes = full.asked.await();
    assertThat(serve("quick", 0, FetchClient.PATIENT)).containsExactly("0-0*1");
    full.room.complete(bytes);
    full.left.await();
    rig.produce(0, "b");

    assertThat(slow.await()).containsExactly("1-1*1");
    assertThat(full.steps)
        .containsExactly("none", "made", "left", "none", "made", "some", "pinned");
  }

  /// The room for what was there is too little for what is there now: it waits for that, too.
  @Test
  void roomThatIsTooSmallIsWaitedForAgain() throws InterruptedException {
    rig.produce(0, "a");
    FullAnswers full = new FullAnswers();
    Pending<List<String>> slow = begin("slow", 60_000, full);
    long bytes = full.asked.await();
    rig.produce(0, "b", "c");
    full.room.complete(bytes);

    assertThat(slow.await()).containsExactly("0-2*1");
    assertThat(full.steps).containsExactly("none", "made", "none", "made", "some", "pinned");
  }

  /// What was to be given back may be so later, and must not be taken from a member that has been
  /// sent it.
  @Test
  void nothingIsAcquiredAgainWhileNobodyKnowsWhetherItWasGivenBack() throws InterruptedException {
    rig.produce(0, "a");
    FetchClient cutOff =
        new FetchClient() {
          @Override
          public boolean takesRoom(long bytes) {
            rig.setAway(true);
            return false;
          }

          @Override
          public void makeRoom(long bytes) {
            throw new IllegalStateException("room for what is not known");
          }

          @Override
          public void leaveRoom() {}

          @Override
          public void pins(long bytes) {}

          @Override
          public void whileWanted(Wait wait) throws InterruptedException {
            wait.await();
          }
        };

    assertThat(serve("m", 60_000, cutOff)).isEmpty();
    rig.setAway(false);
    assertThat(serve("other", 0, FetchClient.PATIENT)).isEmpty();
  }

  private Pending<List<String>> begin(String member, int waitMs, FetchClient client) {
    Pending<List<String>> runs = new Pending<>();
    Environment.system()
        .tasks()
        .start(
            "round",
            () -> {
              try {
                runs.complete(serve(member, waitMs, client));
              } catch (InterruptedException e) {
                runs.fail(new IllegalStateException(e));
              }
            });
    return runs;
  }

  /// @return `first-last*deliveries` per run
  private List<String> serve(String member, int waitMs, FetchClient client)
      throws InterruptedException {
    ShareFetchRequestData request =
        new ShareFetchRequestData()
            .setMaxRecords(500)
            .setMinBytes(1)
            .setMaxBytes(1 << 20)
            .setMaxWaitMs(waitMs);
    ShareRound round = new ShareRound(rig.catalog(), rig.fetcher);
    List<String> runs = new ArrayList<>();
    round
        .serve(new Member("g", member), request, List.of(new SharePart(rig.topicUuid, 0)), client)
        .answers()
        .values()
        .forEach(
            answer ->
                answer
                    .acquiredRecords()
                    .forEach(
                        run ->
                            runs.add(
                                "%d-%d*%d"
                                    .formatted(
                                        run.firstOffset(),
                                        run.lastOffset(),
                                        run.deliveryCount()))));
    return runs;
  }

  /// An answer that has no room until it is given some, and then as much as it was asked for last.
  private static final class FullAnswers implements FetchClient {
    final Pending<Long> asked = new Pending<>();
    final Pending<Long> room = new Pending<>();
    final Pending<Boolean> left = new Pending<>();
    final List<String> steps = new ArrayList<>();
    private long held;

    @Override
    public boolean takesRoom(long bytes) {
      boolean taken = bytes <= held;
      steps.add(taken ? "some" : "none");
      return taken;
    }

    @Override
    public void makeRoom(long bytes) throws InterruptedException {
      asked.complete(bytes);
      room.await();
      held = bytes;
      steps.add("made");
    }

    @Override
    public void leaveRoom() {
      if (held > 0) {
        held = 0;
        steps.add("left");
        left.complete(true);
      }
    }

    @Override
    public void pins(long bytes) {
      steps.add("pinned");
    }

    @Override
    public void whileWanted(Wait wait) throws InterruptedException {
      wait.await();
    }
  }
}
