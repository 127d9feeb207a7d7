package io.weft.controlplane.groups;

import io.weft.controlplane.groups.limit.GroupLimits;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a client is told of an exception of the coordinator's. Stateless.
///
///     UNKNOWN_TOPIC_OR_PARTITION, REQUEST_TIMED_OUT → COORDINATOR_NOT_AVAILABLE   (as Kafka does)
///     not one of Kafka's errors (a bug)             → INVALID_REQUEST, and the log has it
///     all others                                    → themselves, in no more words than fit
final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);

  private Refusals() {}

  static ApiError of(RuntimeException failure) {
    ApiError error = ApiError.fromThrowable(failure);
    return switch (error.error()) {
      case UNKNOWN_SERVER_ERROR -> {
        LOG.error("The group coordinator met a bug; nothing was changed", failure);
        yield new ApiError(Errors.INVALID_REQUEST, "The request could not be processed.");
      }
      case UNKNOWN_TOPIC_OR_PARTITION, REQUEST_TIMED_OUT ->
          new ApiError(Errors.COORDINATOR_NOT_AVAILABLE, null);
      default -> new ApiError(error.error(), GroupLimits.shortened(error.message()));
    };
  }
}
