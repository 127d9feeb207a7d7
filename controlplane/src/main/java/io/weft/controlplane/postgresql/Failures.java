package io.weft.controlplane.postgresql;

import io.weft.storage.object.ObjectStoreException;
import java.sql.SQLException;
import java.util.Set;

/// What a failure of the database means to the caller.
final class Failures {
  static final String NO_SUCH_TABLE = "42P01";

  /// Somebody must change something: classes of SQLSTATE (login, unknown database), and states;
  /// with 08004 the driver says that it has no password.
  private static final Set<String> REJECTED_CLASSES = Set.of("28", "3D", "22");

  private static final Set<String> REJECTED =
      Set.of("08004", "42501", NO_SUCH_TABLE, "42703", "42601", "54000");

  private static final int CAUSES_MAX = 10;

  private Failures() {}

  /// It did not happen, and will not.
  static boolean isRejected(SQLException failure) {
    String state = state(failure);
    return state.length() == 5
        && (REJECTED_CLASSES.contains(state.substring(0, 2)) || REJECTED.contains(state));
  }

  /// The SQLSTATE of the innermost failure that has one: the pool wraps what it met.
  static String state(SQLException failure) {
    String state = "";
    Throwable cause = failure;
    for (int i = 0; i < CAUSES_MAX && cause != null; i++) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        state = sql.getSQLState();
      }
      cause = cause.getCause();
    }
    return state;
  }

  static ObjectStoreException of(String what, SQLException failure) {
    Throwable cause = failure;
    for (int i = 0; i < CAUSES_MAX && cause != null; i++) {
      if (cause instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      cause = cause.getCause();
    }
    String message =
        "PostgreSQL could not %s (%s): %s"
            .formatted(what, state(failure), innermost(failure).getMessage());
    return isRejected(failure)
        ? new ObjectStoreException.Rejected(message, failure)
        : new ObjectStoreException.Unavailable(message, failure);
  }

  private static Throwable innermost(SQLException failure) {
    Throwable cause = failure;
    for (int i = 0; i < CAUSES_MAX && cause.getCause() instanceof SQLException inner; i++) {
      cause = inner;
    }
    return cause;
  }
}
