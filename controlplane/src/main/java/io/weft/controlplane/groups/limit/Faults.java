package io.weft.controlplane.groups.limit;

import java.util.Optional;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/// What is wrong with a request; the first fault counts. Owned by one thread.
public final class Faults {
  private Optional<ApiError> first = Optional.empty();

  public void add(Errors error, String message) {
    if (first.isEmpty()) {
      first = Optional.of(new ApiError(error, GroupLimits.shortened(message)));
    }
  }

  public void when(boolean wrong, String message) {
    if (wrong) {
      add(Errors.INVALID_REQUEST, message);
    }
  }

  /// @param text may be null, which is not empty
  public void ifEmpty(String text, String message) {
    when(text != null && text.isBlank(), message);
  }

  public Optional<ApiError> first() {
    return first;
  }
}
