package io.weft.controlplane.postgresql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.ds.PGSimpleDataSource;

/// Connections to the primary. Thread-safe.
final class Pool implements AutoCloseable {
  private static final int MS_PER_S = 1000;

  static {
    // A connection is not tried before its use: that is a round trip, and a statement that met a
    // dead one is sent again anyway. The pool has no other way to say so.
    System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", "" + Integer.MAX_VALUE);
  }

  private final HikariDataSource connections;

  /// @param isToRead whether the database refuses what would change it
  Pool(PostgresUrl url, boolean isToRead) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("journal");
    config.setDataSource(source(url));
    config.setMaximumPoolSize(url.limits().connectionsMax());
    config.setMinimumIdle(1);
    config.setConnectionTimeout((long) loginSeconds(url) * MS_PER_S);
    config.setInitializationFailTimeout(-1);
    config.setConnectionInitSql(
        "SET statement_timeout = %d%s"
            .formatted(
                url.limits().attemptTimeoutMs(),
                isToRead ? "; SET default_transaction_read_only = on" : ""));
    this.connections = new HikariDataSource(config);
  }

  private static PGSimpleDataSource source(PostgresUrl url) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(url.hosts().stream().map(PostgresUrl.Host::name).toArray(String[]::new));
    source.setPortNumbers(url.hosts().stream().mapToInt(PostgresUrl.Host::port).toArray());
    source.setDatabaseName(url.database());
    source.setUser(url.login().user());
    source.setPassword(url.login().password());
    if (!url.login().sslMode().isEmpty()) {
      source.setSslMode(url.login().sslMode());
    }
    if (!url.login().sslRootCert().isEmpty()) {
      source.setSslRootCert(url.login().sslRootCert());
    }
    source.setApplicationName("weft");
    source.setTcpKeepAlive(true);
    source.setTargetServerType("primary");
    source.setConnectTimeout(seconds(url.limits().connectTimeoutMs()));
    // Of a host that takes the connection and is silent, too.
    source.setSslResponseTimeout(seconds(url.limits().connectTimeoutMs()) * MS_PER_S);
    source.setLoginTimeout(loginSeconds(url));
    // Later than the server's own limit, which says more.
    source.setSocketTimeout(seconds(url.limits().attemptTimeoutMs()) + 1);
    return source;
  }

  /// A host that is silent leaves the next one its time.
  private static int loginSeconds(PostgresUrl url) {
    return url.hosts().size() * seconds(url.limits().connectTimeoutMs()) + 1;
  }

  private static int seconds(int ms) {
    return Math.max(1, Math.ceilDiv(ms, MS_PER_S));
  }

  Connection take() throws SQLException {
    return connections.getConnection();
  }

  /// Lets all go that are open now: the database is away, or another one leads.
  void renew() {
    connections.getHikariPoolMXBean().softEvictConnections();
  }

  @Override
  public void close() {
    connections.close();
  }
}
