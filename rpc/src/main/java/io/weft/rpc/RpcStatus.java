package io.weft.rpc;

import io.grpc.Status;

/// What is said with gRPC's statuses, by both sides. Stateless.
///
///     it would be refused again      → FAILED_PRECONDITION
///     bytes that cannot be read      → INVALID_ARGUMENT
///     away, busy, closing            → UNAVAILABLE: asked elsewhere, or later
///     a bug                          → INTERNAL, no detail
public final class RpcStatus {
  /// Descriptions travel in a header, and headers are limited to 8 KiB.
  public static final int DESCRIPTION_CHARS_MAX = 1_000;

  private RpcStatus() {}

  public static Status unavailable(String reason) {
    return Status.UNAVAILABLE.withDescription(clipped(reason));
  }

  public static Status rejected(String reason) {
    return Status.FAILED_PRECONDITION.withDescription(clipped(reason));
  }

  public static Status malformed(String reason) {
    return Status.INVALID_ARGUMENT.withDescription(clipped(reason));
  }

  /// Whether asking again, here or elsewhere, would only give the same.
  public static boolean isFinal(Status status) {
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

  /// Whether it lies with the peer (away, or no longer the leader) rather than with the caller.
  public static boolean isOfPeer(Status status) {
    return status.getCode() == Status.Code.UNAVAILABLE
        || status.getCode() == Status.Code.DEADLINE_EXCEEDED;
  }

  public static String described(Status status) {
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
