package io.weft.controlplane.postgresql;

import io.weft.storage.object.ObjectStoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;

/// The tables, and the version of them that is there.
///
/// Each step can be done again, by several processes at once: one that met another is asked for
/// again like any failure.
final class Schema {
  static final int VERSION = 1;

  private static final Set<String> UNKNOWN_TO_THIS_DATABASE = Set.of("0A000", "42601");

  private static final String OBJECTS =
      """
      CREATE TABLE IF NOT EXISTS weft_object (
        cluster text COLLATE "C" NOT NULL,
        name text COLLATE "C" NOT NULL,
        nonce bytea NOT NULL,
        bytes bytea NOT NULL,
        PRIMARY KEY (cluster, name))
      """;

  /// What is stored has been compressed, or is small; and pieces of it are read.
  private static final String UNCOMPRESSED =
      "ALTER TABLE weft_object ALTER COLUMN bytes SET STORAGE EXTERNAL";

  private static final List<String> LAST =
      List.of(
          "CREATE TABLE IF NOT EXISTS weft_schema (version integer NOT NULL PRIMARY KEY)",
          "INSERT INTO weft_schema (version) VALUES (1) ON CONFLICT DO NOTHING");

  private Schema() {}

  /// Makes the tables unless they are there.
  ///
  /// @throws ObjectStoreException.Rejected if a newer release has made them
  static void prepare(Connection connection) throws SQLException {
    if (requireKnown(connection) == VERSION) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(OBJECTS);
      try {
        statement.execute(UNCOMPRESSED);
      } catch (SQLException e) {
        if (!UNKNOWN_TO_THIS_DATABASE.contains(Failures.state(e))) {
          throw e;
        }
      }
      for (String step : LAST) {
        statement.execute(step);
      }
    }
  }

  /// @return the version of the tables, 0 if there are none
  /// @throws ObjectStoreException.Rejected if a newer release has made them
  static int requireKnown(Connection connection) throws SQLException {
    int there = version(connection);
    if (there > VERSION) {
      throw new ObjectStoreException.Rejected(
          "the tables are of version %d, of a newer release of Weft; this one knows %d"
              .formatted(there, VERSION),
          null);
    }
    return there;
  }

  /// @return 0 if there is none
  private static int version(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT max(version) FROM weft_schema")) {
      return row.next() ? row.getInt(1) : 0;
    } catch (SQLException e) {
      if (Failures.state(e).equals(Failures.NO_SUCH_TABLE)) {
        return 0;
      }
      throw e;
    }
  }
}
