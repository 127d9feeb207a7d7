package io.weft.controlplane.rpc;

import io.grpc.Status;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.ControlPlaneException.Rejected;
import io.weft.controlplane.api.ControlPlaneException.Unavailable;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.ReaderTooOldException;
import io.weft.rpc.HostPort;
import io.weft.rpc.RpcStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Failures as gRPC statuses, and back. Stateless.
///
///     Rejected                       → FAILED_PRECONDITION → Rejected
///     a reader of a release before   → FAILED_PRECONDITION → Rejected
///     malformed bytes                → INVALID_ARGUMENT    → Rejected
///     Unavailable, busy, closing     → UNAVAILABLE         → Unavailable, asked elsewhere first
///     anything else (a bug)          → INTERNAL, no detail → Unavailable, likewise
///     (unknown method or caller)       UNIMPLEMENTED,
///                                      UNAUTHENTICATED,
///                                      PERMISSION_DENIED   → Rejected
///     (the way there)                  all others          → Unavailable, asked elsewhere first
final class RpcFailure {
  private static final Logger LOG = LoggerFactory.getLogger(RpcFailure.class);

  private RpcFailure() {}

  /// What the other side is told. Of a bug it learns only that there was one: the rest is for this
  /// side's log.
  static Status statusOf(Throwable failure) {
    if (failure instanceof ControlPlaneException known) {
      return switch (known) {
        case Rejected rejected -> RpcStatus.rejected(known.getMessage());
        case Unavailable unavailable -> RpcStatus.unavailable(known.getMessage());
      };
    }
    if (failure instanceof MalformedBytesException) {
      return RpcStatus.malformed(failure.getMessage());
    }
    if (failure instanceof ReaderTooOldException) {
      return RpcStatus.rejected("the asker has to be upgraded: " + failure.getMessage());
    }
    LOG.error("A call to the control plane failed", failure);
    return Status.INTERNAL.withDescription("the control plane failed; its log says why");
  }

  static Rejected rejectedBy(HostPort peer, Status status) {
    return new Rejected(
        status.getCode() == Status.Code.FAILED_PRECONDITION
            ? RpcStatus.described(status)
            : "%s: %s".formatted(peer, RpcStatus.described(status)));
  }
}
