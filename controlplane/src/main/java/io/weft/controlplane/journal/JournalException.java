package io.weft.controlplane.journal;

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

  /// Bytes are wrong or missing. Nobody may go on from here: stop, and let a person look.
  public static final class Damaged extends JournalException {
    private static final long serialVersionUID = 1L;

    public Damaged(String message) {
      super(message, null);
    }

    public Damaged(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
