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

  Pool(PostgresUrl url) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("journal");
    config.setDataSource(source(url));
    config.setMaximumPoolSize(url.limits().connectionsMax());
    config.setMinimumIdle(1);
    config.setConnectionTimeout(Math.max(250, url.limits().connectTimeoutMs()));
    config.setInitializationFailTimeout(-1);
    config.setConnectionInitSql("SET statement_timeout = " + url.limits().attemptTimeoutMs());
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
    source.setLoginTimeout(seconds(url.limits().connectTimeoutMs()));
    // Later than the server's own limit, which says more.
    source.setSocketTimeout(seconds(url.limits().attemptTimeoutMs()) + 1);
    return source;
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
