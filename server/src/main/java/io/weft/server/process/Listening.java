package io.weft.server.process;

import java.io.UncheckedIOException;
import java.net.BindException;
import java.util.function.Supplier;

/// Starts what listens, and says which option to change where it cannot.
final class Listening {
  private Listening() {}

  /// @param options that say where, for the message
  /// @throws StartException if the address cannot be bound
  static <T> T at(String options, Supplier<T> starting) {
    try {
      return starting.get();
    } catch (UncheckedIOException e) {
      throw new StartException(
          "%s (%s): %s %s"
              .formatted(
                  e.getMessage(),
                  reason(e),
                  isTaken(e)
                      ? "end the process that listens there, or choose another port with"
                      : "choose an address of this machine with",
                  options),
          e);
    }
  }

  private static String reason(Throwable failure) {
    Throwable deepest = failure;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return String.valueOf(deepest.getMessage());
  }

  private static boolean isTaken(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof BindException) {
        return String.valueOf(reason(failure)).contains("in use");
      }
    }
    return false;
  }
}
