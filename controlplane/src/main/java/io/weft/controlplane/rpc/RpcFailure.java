package io.weft.controlplane.rpc;

import io.grpc.Status;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.ControlPlaneException.Rejected;
import io.weft.controlplane.api.ControlPlaneException.Unavailable;
import io.weft.controlplane.codec.MalformedBytesException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Failures as gRPC statuses, and back. Stateless.
///
///     Rejected                       → FAILED_PRECONDITION → Rejected
///     malformed bytes                → INVALID_ARGUMENT    → Rejected
///     Unavailable, busy, closing     → UNAVAILABLE         → Unavailable, asked elsewhere first
///     anything else (a bug)          → INTERNAL, no detail → Unavailable, likewise
///     (unknown method or asker)        UNIMPLEMENTED,
///                                      UNAUTHENTICATED,
///                                      PERMISSION_DENIED   → Rejected
///     (the way there)                  all others          → Unavailable, asked elsewhere first
final class RpcFailure {
  /// Descriptions travel in a header, and headers are limited to 8 KiB.
  static final int DESCRIPTION_CHARS_MAX = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(RpcFailure.class);

  private RpcFailure() {}

  static Status unavailable(String reason) {
    return Status.UNAVAILABLE.withDescription(clipped(reason));
  }

  static Status rejected(String reason) {
    return Status.FAILED_PRECONDITION.withDescription(clipped(reason));
  }

  /// What the other side is told. Of a bug it learns only that there was one: the rest is for this
  /// side's log.
  static Status statusOf(Throwable failure) {
    if (failure instanceof ControlPlaneException known) {
      return switch (known) {
        case Rejected rejected -> rejected(known.getMessage());
        case Unavailable unavailable -> unavailable(known.getMessage());
      };
    }
    if (failure instanceof MalformedBytesException) {
      return Status.INVALID_ARGUMENT.withDescription(clipped(failure.getMessage()));
    }
    LOG.error("A call to the control plane failed", failure);
    return Status.INTERNAL.withDescription("the control plane failed; its log says why");
  }

  /// Whether asking again, here or elsewhere, would only give the same.
  static boolean isFinal(Status status) {
    return switch (status.getCode()) {
      case FAILED_PRECONDITION,
          INVALID_ARGUMENT,
          UNIMPLEMENTED,
          UNAUTHENTICATED,
          PERMISSION_DENIED ->
          true;
      default -> false;
    };
  }

  /// Whether it lies with the peer (away, or no longer the leader) rather than with the asker.
  static boolean isOfPeer(Status status) {
    return status.getCode() == Status.Code.UNAVAILABLE
        || status.getCode() == Status.Code.DEADLINE_EXCEEDED;
  }

  static Rejected rejectedBy(HostPort peer, Status status) {
    return new Rejected(
        status.getCode() == Status.Code.FAILED_PRECONDITION
            ? described(status)
            : "%s: %s".formatted(peer, described(status)));
  }

  static String described(Status status) {
    String what =
        status.getDescription() == null ? status.getCode().name() : status.getDescription();
    Throwable cause = status.getCause();
    return cause == null || cause.getMessage() == null
        ? what
        : "%s (%s)".formatted(what, cause.getMessage());
  }

  private static String clipped(String text) {
    if (text == null) {
      return "no reason given";
    }
    return text.length() <= DESCRIPTION_CHARS_MAX
        ? text
        : text.substring(0, DESCRIPTION_CHARS_MAX) + "…";
  }
}
