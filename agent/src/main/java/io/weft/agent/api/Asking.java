package io.weft.agent.api;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// Ways to ask the control plane: again, and many things at once. Thread-safe.
public final class Asking {
  /// However long a client would wait, its connection reads nothing meanwhile.
  private static final long PATIENCE_MS_MAX = 60_000;

  private static final long PAUSE_MS = 100;
  private static final int LANES = 16;

  private final Environment environment;

  public Asking(Environment environment) {
    this.environment = environment;
  }

  /// One question.
  public interface Question<R> {
    R ask() throws InterruptedException;
  }

  /// Asks until there is an answer or the time is over; every question may be repeated as it is.
  ///
  /// @param timeoutMs as the client says; never longer than a minute
  /// @throws ControlPlaneException as the last try did
  public <R> R patiently(long timeoutMs, Question<R> question) throws InterruptedException {
    long patienceMs = Math.min(timeoutMs, PATIENCE_MS_MAX);
    long deadlineMs = environment.clock().monotonicMs() + patienceMs;
    while (true) {
      try {
        return question.ask();
      } catch (ControlPlaneException.Unavailable e) {
        if (environment.clock().monotonicMs() + PAUSE_MS >= deadlineMs) {
          throw e;
        }
        environment.tasks().sleepMs(PAUSE_MS);
      }
    }
  }

  /// Asks several at once: the control plane puts what comes together into one entry.
  ///
  /// @return the answers, in the order of the questions
  /// @throws ControlPlaneException if one of them did; the others may or may not have happened
  public <R> List<R> sideBySide(List<? extends Question<R>> questions) throws InterruptedException {
    if (questions.size() <= 1) {
      return questions.isEmpty() ? List.of() : List.of(questions.getFirst().ask());
    }
    List<Pending<R>> answers =
        IntStream.range(0, questions.size()).mapToObj(i -> new Pending<R>()).toList();
    AtomicInteger next = new AtomicInteger();
    for (int lane = 0; lane < Math.min(LANES, questions.size()); lane++) {
      environment.tasks().start("asking", () -> askAll(questions, answers, next));
    }
    List<R> results = new ArrayList<>(questions.size());
    for (Pending<R> answer : answers) {
      results.add(answer.await());
    }
    return results;
  }

  private static <R> void askAll(
      List<? extends Question<R>> questions, List<Pending<R>> answers, AtomicInteger next) {
    int i = next.getAndIncrement();
    while (i < questions.size()) {
      try {
        answers.get(i).complete(questions.get(i).ask());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        answers.get(i).fail(new ControlPlaneException.Unavailable("interrupted", e));
      } catch (RuntimeException e) {
        answers.get(i).fail(e);
      }
      i = next.getAndIncrement();
    }
  }
}
