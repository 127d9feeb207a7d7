package io.weft.server.metrics;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

/// Whether a process can do its work now, and what it waits for if not. Thread-safe.
///
///     waiting ──▶ at work (asked anew each time) ──▶ draining
public final class Readiness {
  private static final Supplier<Optional<String>> DRAINING =
      () -> Optional.of("stopping: no new work is taken");

  private final AtomicReference<Supplier<Optional<String>>> missing =
      new AtomicReference<>(() -> Optional.of("starting"));

  /// It is starting, and has come to something that it waits for.
  public void waitFor(String what) {
    become(() -> Optional.of("waiting for " + what));
  }

  /// It has started; from now on this says what is missing, if anything is.
  public void follow(Supplier<Optional<String>> missingNow) {
    become(missingNow);
  }

  /// It ends: never ready again.
  public void drain() {
    missing.set(DRAINING);
  }

  /// What is missing, in a few words; empty if it is ready.
  public Optional<String> missing() {
    return missing.get().get();
  }

  private void become(Supplier<Optional<String>> next) {
    missing.updateAndGet(now -> now == DRAINING ? now : next);
  }
}
