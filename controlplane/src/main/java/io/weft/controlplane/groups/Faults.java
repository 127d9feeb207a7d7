package io.weft.controlplane.groups;

import java.util.Optional;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/// What is wrong with a request; the first fault counts. Owned by one thread.
final class Faults {
  private Optional<ApiError> first = Optional.empty();

  void add(Errors error, String message) {
    if (first.isEmpty()) {
      first = Optional.of(new ApiError(error, message));
    }
  }

  void when(boolean wrong, String message) {
    if (wrong) {
      add(Errors.INVALID_REQUEST, message);
    }
  }

  /// @param text may be null, which is not empty
  void ifEmpty(String text, String message) {
    when(text != null && text.isBlank(), message);
  }

  Optional<ApiError> first() {
    return first;
  }
}
