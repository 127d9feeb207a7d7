package io.weft.agent.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.memory.ByteBudget;
import io.weft.agent.produce.ProduceOutcome.Cause;
import io.weft.agent.produce.ProduceOutcome.NotAppended;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How many files there are a second, and how long producers wait, under every kind of load. One
/// thread; time passes only while the intake waits.
class FlushRateTest {
  private static final int INTERVAL_MS = 250;
  private static final int EARLY_PER_SECOND = 20;
  private static final int RUN_MS = 20_000;

  /// Until everybody's way of sending is known.
  private static final int WARM_UP_MS = 1_000;

  @ParameterizedTest
  @ValueSource(ints = {2, 10, 110, 121, 400})
  void whoeverDoesNotWaitForAnswersGetsAFileAnIntervalAndNoMore(int settleMs) {
    for (int gapMs : List.of(1, 3, 7, 10, 15, 20, 30, 33, 50, 77, 100, 125, 130, 200, 249, 260)) {
      Run run = new Run(settleMs);
      run.steady(1, gapMs);
      run.go();
      assertThat(run.mostInASecond(0)).as("every %d ms", gapMs).isLessThanOrEqualTo(4);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 10, 30})
  void oneRequestAtATimeIsAnsweredWellWithinTheInterval(int settleMs) {
    Run run = new Run(settleMs);
    Waiting producer = run.waiting(1, 1, 1);
    run.go();

    assertThat(run.mostInASecond(WARM_UP_MS)).isBetween(10, EARLY_PER_SECOND);
    assertThat(producer.longestMs(WARM_UP_MS)).isLessThanOrEqualTo(100);
  }

  @Test
  void fiveRequestsAtATimeAreAnsweredWellWithinTheInterval() {
    Run run = new Run(5);
    Waiting producer = run.waiting(1, 5, 1);
    run.go();

    assertThat(run.mostInASecond(WARM_UP_MS)).isBetween(10, EARLY_PER_SECOND);
    assertThat(producer.longestMs(WARM_UP_MS)).isLessThanOrEqualTo(100);
  }

  @Test
  void onASlowStoreTheNextFileClosesOnceTheOneBeforeIsSettled() {
    Run run = new Run(121);
    Waiting producer = run.waiting(1, 5, 1);
    run.go();

    assertThat(run.mostInASecond(WARM_UP_MS)).isGreaterThanOrEqualTo(8);
    assertThat(producer.longestMs(WARM_UP_MS)).isLessThan(121 + 15);
  }

  @Test
  void oneWhoWaitsIsServedBesideManyWhoDoNot() {
    Run run = new Run(5);
    Waiting producer = run.waiting(1, 1, 1);
    for (int i = 2; i < 20; i++) {
      run.steady(i, 3 * i);
    }
    run.go();

    assertThat(run.mostInASecond(0)).isLessThanOrEqualTo(EARLY_PER_SECOND);
    assertThat(producer.longestMs(WARM_UP_MS)).isLessThanOrEqualTo(100);
  }

  @Test
  void whoIsLateNowAndThenIsStillKnownToWait() {
    Run run = new Run(5);
    Waiting producer = run.waiting(1, 1, 1);
    producer.lateEvery(20);
    run.go();

    assertThat(producer.answered.size()).isGreaterThan(RUN_MS / 100);
  }

  @Test
  void aQuietTimesFirstIsAnsweredAtOnce() {
    Run run = new Run(5);
    Waiting producer = run.waiting(1, 1, 2_000);
    run.go();

    assertThat(producer.longestMs(0)).isLessThanOrEqualTo(FlushPolicy.GATHER_MS_MAX + 5);
  }

  @Test
  void noLoadGetsMoreThanTheBudget() {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      Run run = new Run(1 + random.nextInt(150));
      for (int i = 0; i < 1 + random.nextInt(20); i++) {
        if (random.nextBoolean()) {
          run.steady(i, 1 + random.nextInt(300));
        } else {
          run.waiting(i, 1 + random.nextInt(6), random.nextInt(60));
        }
      }
      run.go();
      assertThat(run.mostInASecond(0)).as("seed %d", seed).isLessThanOrEqualTo(EARLY_PER_SECOND);
    }
  }

  /// Something that is to happen.
  private record Deed(long atMs, long order, Runnable deed) {}

  private static final class Run {
    private final ByteBudget budget = new ByteBudget(Long.MAX_VALUE);
    private final PriorityQueue<Deed> deeds =
        new PriorityQueue<>(Comparator.comparingLong(Deed::atMs).thenComparingLong(Deed::order));
    private final List<Waiting> waiting = new ArrayList<>();
    private final List<Long> closedMs = new ArrayList<>();
    private final int settleMs;
    private final BatchIntake intake;
    private long nowMs;
    private long order;

    /// Appends in the active file.
    private int gathered;

    Run(int settleMs) {
      this.settleMs = settleMs;
      SteppedTime time = new SteppedTime(() -> nowMs, this::passUntil);
      Environment environment = time.environment();
      this.intake =
          new BatchIntake(
              environment, new FlushPolicy(INTERVAL_MS, 8 << 20, EARLY_PER_SECOND), () -> {});
    }

    void steady(long connection, int gapMs) {
      after(gapMs, () -> sendSteadily(connection, gapMs));
    }

    private void sendSteadily(long connection, int gapMs) {
      append(connection);
      after(gapMs, () -> sendSteadily(connection, gapMs));
    }

    Waiting waiting(long connection, int window, int thinkMs) {
      Waiting sender = new Waiting(this, connection, thinkMs);
      waiting.add(sender);
      for (int i = 0; i < window; i++) {
        after(1, sender::send);
      }
      return sender;
    }

    void after(long delayMs, Runnable deed) {
      deeds.add(new Deed(nowMs + delayMs, order++, deed));
    }

    Pending<List<ProduceOutcome>> append(long connection) {
      try {
        ByteBudget.Share share = budget.acquire(1);
        ProduceAppend append =
            ProduceAppend.of(List.of(ProduceRig.to(0, "a")), connection, share).getFirst();
        gathered++;
        Pending<List<ProduceOutcome>> outcomes = intake.append(append);
        share.release();
        return outcomes;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    void go() {
      while (nowMs < RUN_MS) {
        while (gathered == 0) {
          passUntil(Long.MAX_VALUE);
        }
        try {
          close(intake.take().orElseThrow());
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }

    private void close(ClosedFile file) {
      closedMs.add(nowMs);
      gathered -= file.appends().size();
      after(
          settleMs,
          () -> {
            file.refuse(new NotAppended(Cause.LEAVING));
            file.release();
            waiting.forEach(Waiting::look);
          });
    }

    /// The next deed, unless it comes later than that.
    private void passUntil(long untilMs) {
      if (deeds.isEmpty() || deeds.peek().atMs() > untilMs) {
        nowMs = untilMs;
        return;
      }
      Deed next = deeds.remove();
      nowMs = next.atMs();
      next.deed().run();
    }

    int mostInASecond(long fromMs) {
      int most = 0;
      int first = 0;
      for (int i = 0; i < closedMs.size(); i++) {
        while (closedMs.get(i) - closedMs.get(first) >= 1_000 || closedMs.get(first) < fromMs) {
          if (first == i) {
            break;
          }
          first++;
        }
        most = Math.max(most, i - first + 1);
      }
      return most;
    }
  }

  /// Sends each request once one before it is answered.
  private static final class Waiting {
    private record Sent(long atMs, Pending<List<ProduceOutcome>> outcome) {}

    private record Answered(long atMs, long tookMs) {}

    private final Run run;
    private final long connection;
    private final int thinkMs;
    private static final int LATE_MS = 40;

    private int lateEvery;
    private final List<Sent> underWay = new ArrayList<>();
    private final List<Answered> answered = new ArrayList<>();

    Waiting(Run run, long connection, int thinkMs) {
      this.run = run;
      this.connection = connection;
      this.thinkMs = thinkMs;
    }

    void send() {
      underWay.add(new Sent(run.nowMs, run.append(connection)));
    }

    void look() {
      for (Sent sent : List.copyOf(underWay)) {
        if (sent.outcome().isDone()) {
          underWay.remove(sent);
          answered.add(new Answered(run.nowMs, run.nowMs - sent.atMs()));
          boolean late = lateEvery > 0 && answered.size() % lateEvery == 0;
          run.after(late ? LATE_MS : thinkMs, this::send);
        }
      }
    }

    void lateEvery(int answers) {
      lateEvery = answers;
    }

    long longestMs(long fromMs) {
      return answered.stream()
          .filter(each -> each.atMs() >= fromMs)
          .mapToLong(Answered::tookMs)
          .max()
          .orElseThrow();
    }
  }
}
