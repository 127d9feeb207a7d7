package io.weft.server.clients;

import com.google.errorprone.annotations.FormatMethod;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import java.time.Duration;

/// When a test gives up waiting for something.
///
/// @param limit how long it waits in all
public record Deadline(Duration limit, long endNanos) {
  /// For what takes seconds on a busy machine.
  public static final Duration USUAL = Duration.ofMinutes(2);

  public static Deadline usual() {
    return in(USUAL);
  }

  public static Deadline in(Duration limit) {
    return new Deadline(limit, System.nanoTime() + limit.toNanos());
  }

  public boolean isOver() {
    return System.nanoTime() - endNanos > 0;
  }

  /// @param missing what has not happened yet, in words, as `String.format` takes them
  /// @throws AssertionError if it is too late
  @FormatMethod
  public void check(String missing, Object... with) {
    if (isOver()) {
      throw new AssertionError(
          "%s within %s".formatted(missing.formatted(with), limit.toString().substring(2)));
    }
  }

  /// @param missing what has not happened if the value is not there in time
  public static <T> T await(
      Pending<T> value, Environment environment, Duration limit, String missing)
      throws InterruptedException {
    if (!value.awaitMs(environment, limit.toMillis())) {
      throw new AssertionError("%s within %s".formatted(missing, limit.toString().substring(2)));
    }
    return value.await();
  }
}
