package io.weft.controlplane.postgresql;

import io.weft.storage.object.ObjectStoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The settings of the database that decide whether what it has confirmed can be lost. Immutable.
///
/// With synchronous standbys `synchronous_commit=local` waits for none of them, and `remote_write`
/// only until a standby's system has the bytes, not its disk.
record Durability(Map<String, String> settings) {
  private static final String COMMIT = "synchronous_commit";

  private static final String QUESTION =
      "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit',"
          + " 'full_page_writes', 'synchronous_standby_names', 'server_version')";

  static Durability of(Connection connection) throws SQLException {
    Map<String, String> settings = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(QUESTION)) {
      while (rows.next()) {
        settings.put(rows.getString(1), rows.getString(2));
      }
    }
    return new Durability(settings);
  }

  /// @throws ObjectStoreException.Rejected if confirmed records can be lost
  void require() {
    for (String name : new String[] {"fsync", COMMIT, "full_page_writes"}) {
      if ("off".equals(settings.get(name))) {
        throw new ObjectStoreException.Rejected(
            ("the database has %s=off, so a crash of its machine loses acknowledged records; switch"
                    + " it on, or say sync=false in the URL")
                .formatted(name),
            null);
      }
    }
    if (hasStandbys() && "local".equals(settings.get(COMMIT))) {
      throw new ObjectStoreException.Rejected(
          "the database has synchronous_commit=local, so a fail-over to one of its"
              + " synchronous_standby_names loses acknowledged records; set it to on, or say"
              + " sync=false in the URL",
          null);
    }
  }

  /// What may be lost though nothing is refused.
  Optional<String> warning() {
    return hasStandbys() && "remote_write".equals(settings.get(COMMIT))
        ? Optional.of(
            "has synchronous_commit=remote_write: a crash of a standby's machine and a fail-over to"
                + " it lose acknowledged records; set it to on")
        : Optional.empty();
  }

  private boolean hasStandbys() {
    return !settings.getOrDefault("synchronous_standby_names", "").isBlank();
  }

  @Override
  public String toString() {
    return settings.toString();
  }
}
