package io.weft.server.doctor;

import io.weft.environment.Clock;
import java.io.PrintWriter;
import java.util.function.Supplier;

/// Says how far a long look has come. Owned by one thread.
public final class Progress {
  /// How often something is said while one thing goes on.
  static final long EVERY_MS = 10_000;

  private final PrintWriter out;
  private final Clock clock;
  private long saidMs;

  public Progress(PrintWriter out, Clock clock) {
    this.out = out;
    this.clock = clock;
    this.saidMs = clock.monotonicMs();
  }

  void say(String line) {
    saidMs = clock.monotonicMs();
    out.println(line);
    out.flush();
  }

  /// Says it if nothing was said for long.
  void goesOn(Supplier<String> line) {
    if (clock.monotonicMs() - saidMs >= EVERY_MS) {
      say(line.get());
    }
  }
}
