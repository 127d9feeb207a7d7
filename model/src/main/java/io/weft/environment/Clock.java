package io.weft.environment;

/// Time. Safety may rest on neither reading: wall time is for stamps and people, the monotonic one
/// for waiting and leases.
public interface Clock {
  /// Milliseconds since 1970, as this machine believes; may jump either way.
  long wallMs();

  /// Nanoseconds since some fixed point; never goes back.
  long nanos();

  /// Monotonic milliseconds, on the same base as [#nanos()].
  default long monotonicMs() {
    return nanos() / 1_000_000;
  }
}
