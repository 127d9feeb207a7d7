package io.weft.controlplane.api;

/// A failure of the way to the control plane, or of the control plane, cut by what the caller does.
public abstract sealed class ControlPlaneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private ControlPlaneException(String message, Throwable cause) {
    super(message, cause);
  }

  /// No answer in time: the call *may or may not have happened*. Every call may be repeated as it
  /// is, except for those of [Groups].
  public static final class Unavailable extends ControlPlaneException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// It did not happen and will not: the call is over a limit, or the caller is unknown. A bug or a
  /// mismatch of versions; the message says which.
  public static sealed class Rejected extends ControlPlaneException permits NotKnown {
    private static final long serialVersionUID = 1L;

    public Rejected(String message) {
      super(message, null);
    }
  }

  /// The control plane is of a release that does not know what it was to be asked.
  public static final class NotKnown extends Rejected {
    private static final long serialVersionUID = 1L;

    public NotKnown(String message) {
      super(message);
    }
  }
}
