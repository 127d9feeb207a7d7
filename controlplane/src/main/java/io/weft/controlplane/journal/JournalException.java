package io.weft.controlplane.journal;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.NewerFormatException;

/// A failure of the journal or the snapshots, cut by what the reader or writer does next.
public abstract sealed class JournalException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private JournalException(String message, Throwable cause) {
    super(message, cause);
  }

  /// What keeps the journal did not answer well: it *may or may not have happened*. Try again
  /// later. Also thrown where the thread was interrupted (its interrupt status is then set).
  public static final class Unavailable extends JournalException {
    private static final long serialVersionUID = 1L;

    public Unavailable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// The journal cannot be read to its end. Nobody may go on from here: stop, and let a person
  /// look.
  public abstract static sealed class Unusable extends JournalException {
    private static final long serialVersionUID = 1L;

    private Unusable(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// Bytes are wrong or missing.
  public static final class Damaged extends Unusable {
    private static final long serialVersionUID = 1L;

    public Damaged(String message) {
      super(message, null);
    }

    public Damaged(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// A newer release of Weft wrote what this one cannot read. Nothing is wrong with it: start that
  /// release.
  public static final class Newer extends Unusable {
    private static final long serialVersionUID = 1L;

    public Newer(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// What this process makes of the journal is not what its leader made of it. One of the two has a
  /// bug, or lost something.
  public static final class Diverged extends Unusable {
    private static final long serialVersionUID = 1L;

    public Diverged(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /// What was meant to be read, and cannot be, as a failure.
  ///
  /// @param what was read: "journal entry 7"
  public static Unusable unreadable(String what, MalformedBytesException why) {
    return why instanceof NewerFormatException
        ? new Newer(why.getMessage(), why)
        : new Damaged("%s is damaged: %s".formatted(what, why.getMessage()), why);
  }
}
