package io.weft.controlplane.postgresql;

import io.weft.storage.object.ObjectStoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Statements, each a transaction of one round trip. Thread-safe.
///
/// One that failed is sent once more, on a connection made anew: after a fail-over all that are
/// open are dead at once. So a statement must do no harm if it is done twice.
final class Statements implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Statements.class);

  private static final int ATTEMPTS_MAX = 2;
  private static final int WARNINGS_MAX = 100;

  /// The class of SQLSTATE that says nothing but that it went well.
  private static final String WELL = "00";

  private static final String WARNED = "01000";

  private static final String NO_ROWS = "SELECT WHERE false";

  private final PostgresUrl url;
  private final boolean isToRead;
  private final Pool pool;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile boolean prepared;

  /// @param isToRead see [JournalUrl#openToRead]
  Statements(PostgresUrl url, boolean isToRead) {
    this.url = url;
    this.isToRead = isToRead;
    this.pool = new Pool(url, isToRead);
  }

  /// Gives a statement its values.
  interface Values {
    void in(PreparedStatement statement) throws SQLException;
  }

  /// Takes what a statement has answered.
  interface Answer<T> {
    T from(ResultSet rows) throws SQLException;
  }

  private interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /// @return how many rows it has changed
  int change(String what, String sql, Values values) {
    return run(
        what,
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            values.in(statement);
            int changed = statement.executeUpdate();
            requireNoWarning(statement);
            return changed;
          }
        });
  }

  /// Writes and asks in one, and is answered only after the write lasts.
  <T> T changeAndAsk(String what, String sql, Values values, Answer<T> answer) {
    return run(
        what,
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            values.in(statement);
            try (ResultSet rows = statement.executeQuery()) {
              requireNoWarning(statement);
              return answer.from(rows);
            }
          }
        });
  }

  <T> T ask(String what, String sql, Values values, Answer<T> answer) {
    return run(
        what,
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            values.in(statement);
            try (ResultSet rows = statement.executeQuery()) {
              return answer.from(rows);
            }
          } catch (SQLException e) {
            if (!isToRead || !Failures.state(e).equals(Failures.NO_SUCH_TABLE)) {
              throw e;
            }
            // No control plane has begun here yet.
            try (Statement nothing = connection.createStatement();
                ResultSet rows = nothing.executeQuery(NO_ROWS)) {
              return answer.from(rows);
            }
          }
        });
  }

  /// A commit that was to wait for a standby, and whose wait was ended, succeeds with a warning.
  private static void requireNoWarning(PreparedStatement statement) throws SQLException {
    SQLWarning warning = statement.getWarnings();
    for (int i = 0; i < WARNINGS_MAX && warning != null; i++) {
      if (warning.getSQLState() == null || !warning.getSQLState().startsWith(WELL)) {
        throw new SQLException(
            "it is not known whether it will last: " + warning.getMessage(), WARNED);
      }
      warning = warning.getNextWarning();
    }
  }

  private <T> T run(String what, Work<T> work) {
    for (int attempt = 1; ; attempt++) {
      try (Connection connection = pool.take()) {
        prepare(connection);
        return work.on(connection);
      } catch (SQLException e) {
        if (attempt == ATTEMPTS_MAX
            || Failures.isRejected(e)
            || Thread.currentThread().isInterrupted()) {
          throw Failures.of(what, e);
        }
        LOG.info("Could not {}, once more: {}", what, e.getMessage());
        pool.renew();
      }
    }
  }

  private void prepare(Connection connection) throws SQLException {
    if (prepared) {
      return;
    }
    lock.lock();
    try {
      if (!prepared) {
        if (isToRead) {
          Schema.requireKnown(connection);
        } else {
          prepareToWrite(connection);
        }
        prepared = true;
      }
    } catch (ObjectStoreException.Rejected e) {
      throw new ObjectStoreException.Rejected(url.text() + ": " + e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }

  private void prepareToWrite(Connection connection) throws SQLException {
    Durability durability = Durability.of(connection);
    LOG.info("{} promises: {}", url.text(), durability);
    if (url.mayLose()) {
      LOG.warn("{} may lose acknowledged records in a crash of its machine", url.text());
    } else {
      durability.require();
      durability.warning().ifPresent(warning -> LOG.warn("{} {}", url.text(), warning));
    }
    Schema.prepare(connection);
  }

  @Override
  public void close() {
    pool.close();
  }
}
