package io.weft.controlplane.postgresql;

import io.weft.storage.object.ObjectStoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
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

  private final PostgresUrl url;
  private final Pool pool;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile boolean prepared;

  Statements(PostgresUrl url) {
    this.url = url;
    this.pool = new Pool(url);
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
            return statement.executeUpdate();
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
          }
        });
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
        Durability durability = Durability.of(connection);
        LOG.info("{} promises: {}", url.text(), durability);
        if (url.mayLose()) {
          LOG.warn("{} may lose acknowledged records in a crash of its machine", url.text());
        } else {
          durability.require();
        }
        Schema.prepare(connection);
        prepared = true;
      }
    } catch (ObjectStoreException.Rejected e) {
      throw new ObjectStoreException.Rejected(url.text() + ": " + e.getMessage(), e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    pool.close();
  }
}
