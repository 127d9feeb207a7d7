package io.weft.agent.api;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// Calls to the control plane: one with retries, or several at once. Thread-safe.
public final class ControlPlaneCalls {
  /// However long a client would wait, its connection reads nothing meanwhile.
  private static final long WAIT_MS_MAX = 60_000;

  private static final long PAUSE_MS = 100;
  private static final int LANES = 16;

  private final Environment environment;

  public ControlPlaneCalls(Environment environment) {
    this.environment = environment;
  }

  /// One call.
  public interface Call<R> {
    R answer() throws InterruptedException;
  }

  /// Asks until there is an answer or the time is over; every call may be repeated as it is.
  ///
  /// @param timeoutMs as the client says; never longer than a minute
  /// @throws ControlPlaneException as the last try did
  public <R> R withRetries(long timeoutMs, Call<R> call) throws InterruptedException {
    long waitMs = Math.min(timeoutMs, WAIT_MS_MAX);
    long deadlineMs = environment.clock().monotonicMs() + waitMs;
    while (true) {
      try {
        return call.answer();
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
  /// @return the answers, in the order of the calls
  /// @throws ControlPlaneException if one of them did; the others may or may not have happened
  public <R> List<R> concurrently(List<? extends Call<R>> calls) throws InterruptedException {
    if (calls.size() <= 1) {
      return calls.isEmpty() ? List.of() : List.of(calls.getFirst().answer());
    }
    List<Pending<R>> answers =
        IntStream.range(0, calls.size()).mapToObj(i -> new Pending<R>()).toList();
    AtomicInteger next = new AtomicInteger();
    for (int lane = 0; lane < Math.min(LANES, calls.size()); lane++) {
      environment.tasks().start("asking", () -> askAll(calls, answers, next));
    }
    List<R> results = new ArrayList<>(calls.size());
    for (Pending<R> answer : answers) {
      results.add(answer.await());
    }
    return results;
  }

  private static <R> void askAll(
      List<? extends Call<R>> calls, List<Pending<R>> answers, AtomicInteger next) {
    int i = next.getAndIncrement();
    while (i < calls.size()) {
      try {
        answers.get(i).complete(calls.get(i).answer());
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
