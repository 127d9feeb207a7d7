package io.weft.storage.object;

/// A failure of the store, cut by what the caller does next.
public abstract sealed class ObjectStoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private ObjectStoreException(String message, Throwable cause) {
    super(message, cause);
  }

  /// No such object, now. Ask the control plane again; never skip.
  public static final class NotFound extends ObjectStoreException {
    private static final long serialVersionUID = 1L;

    public NotFound(ObjectKey key) {
      super("no object " + key, null);
    }
  }

  /// The store did not answer well: it *may or may not have happened*. Try again later. Also thrown
  /// where the thread was interrupted (its interrupt status is then set).
  public static sealed class Unavailable extends ObjectStoreException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// The store answered, and refused for now (its status was 4xx: a conflict, a time-out, a token
  /// that has expired); another attempt may do. Unlike other failed attempts, this one is billed.
  public static final class Deferred extends Unavailable {
    private static final long serialVersionUID = 1L;

    public Deferred(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// Nobody has given this process credentials, so nothing was asked. While a process runs, the
  /// service that hands them out may be away for a while; at its start somebody has forgotten them.
  public static final class NoCredentials extends Unavailable {
    private static final long serialVersionUID = 1L;

    public NoCredentials(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// It did not happen and will not, however often it is tried: no permission, no such bucket, a
  /// range outside the object. Somebody must change something; the message says what.
  public static final class Rejected extends ObjectStoreException {
    private static final long serialVersionUID = 1L;

    public Rejected(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
