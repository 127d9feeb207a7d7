package io.weft.controlplane.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.environment.Environment;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreContract;
import io.weft.storage.object.ObjectStoreException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PostgresStoreTest extends ObjectStoreContract {
  private static final AtomicInteger CLUSTERS = new AtomicInteger();
  private static final int WRITES_MAX = 1_000;
  private static PostgresServer server;

  @BeforeAll
  static void startServer() throws Exception {
    server = PostgresServer.start();
  }

  @AfterAll
  static void endServer() throws Exception {
    if (server != null) {
      server.close();
    }
  }

  @TempDir Path folder;

  @Override
  protected ObjectStore open() {
    return open("c" + CLUSTERS.incrementAndGet());
  }

  private static ObjectStore open(String cluster) {
    return JournalUrl.open(server.url(cluster), Environment.system());
  }

  @Test
  void clustersOfOneDatabaseDoNotSeeEachOther() {
    ObjectKey key = new ObjectKey("journal/1");
    store.put(key, ObjectBody.of(text("mine")));
    try (ObjectStore other = open("another")) {
      assertThat(other.stat(key)).isEmpty();
      other.put(key, ObjectBody.of(text("theirs")));
      other.delete(List.of(key));
    }
    assertThat(store.readAll(key, 10)).isEqualTo(text("mine"));
  }

  @Test
  void aWrongPasswordIsRejectedAndNotSaid() throws Exception {
    Path wrong = Files.writeString(folder.resolve("wrong"), "not-" + PostgresServer.PASSWORD);
    String url =
        "postgresql://127.0.0.1:%d/postgres?connectTimeoutMs=2000&passwordFile=%s"
            .formatted(server.port(), wrong);
    try (ObjectStore refused = JournalUrl.open(url, Environment.system())) {
      assertThatThrownBy(() -> refused.list("", "", 1))
          .isInstanceOf(ObjectStoreException.Rejected.class)
          .hasMessageNotContaining(PostgresServer.PASSWORD);
    }
  }

  @Test
  void settingsThatLoseRecordsAreRejectedUnlessTheUrlAcceptsThem() throws Exception {
    try (PostgresServer loose = PostgresServer.start("synchronous_commit=off")) {
      try (ObjectStore refused = JournalUrl.open(loose.url("c"), Environment.system())) {
        assertThatThrownBy(() -> refused.list("", "", 1))
            .isInstanceOf(ObjectStoreException.Rejected.class)
            .hasMessageContaining("synchronous_commit=off");
      }
      String accepted = loose.url("c") + "&sync=false";
      try (ObjectStore taken = JournalUrl.open(accepted, Environment.system())) {
        assertThat(taken.list("", "", 1)).isEmpty();
      }
    }
  }

  @Test
  void whatIsOpenedToReadIsNotChangedAndNothingIsAskedOfIt() throws Exception {
    ObjectKey key = new ObjectKey("journal/1");
    try (PostgresServer loose = PostgresServer.start("synchronous_commit=off");
        Connection administrator = administrator(loose);
        Statement statement = administrator.createStatement();
        ObjectStore seen = JournalUrl.openToRead(loose.url("c"), Environment.system())) {
      assertThat(seen.list("", "", 1)).isEmpty();
      assertThat(seen.stat(key)).isEmpty();
      assertThatThrownBy(() -> seen.readAll(key, 10))
          .isInstanceOf(ObjectStoreException.NotFound.class);
      try (ResultSet tables =
          statement.executeQuery("SELECT FROM pg_tables WHERE tablename LIKE 'weft%'")) {
        assertThat(tables.next()).isFalse();
      }

      String accepted = loose.url("c") + "&sync=false";
      try (ObjectStore written = JournalUrl.open(accepted, Environment.system())) {
        written.put(key, ObjectBody.of(text("it")));
      }
      assertThat(seen.readAll(key, 10)).isEqualTo(text("it"));
      assertThatThrownBy(() -> seen.delete(List.of(key)))
          .isInstanceOf(ObjectStoreException.class)
          .hasMessageContaining("read-only");
    }
  }

  /// A commit that waits for a standby, and whose wait is ended, says that it has succeeded.
  @Test
  void aWriteWhoseWaitForAStandbyIsEndedIsNotCalledWritten() throws Exception {
    try (PostgresServer alone = PostgresServer.start();
        Connection administrator = administrator(alone);
        Statement statement = administrator.createStatement();
        ObjectStore waiting =
            JournalUrl.open(alone.url("c") + "&attemptTimeoutMs=120000", Environment.system())) {
      assertThat(waiting.list("", "", 1)).isEmpty();
      statement.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
      statement.execute("SELECT pg_reload_conf()");
      assertThatThrownBy(() -> writeUntilRefused(statement, name -> create(waiting, name)))
          .hasCauseInstanceOf(ObjectStoreException.Unavailable.class)
          .hasMessageContaining("it is not known whether it will last");
      assertThatThrownBy(() -> writeUntilRefused(statement, name -> overwrite(waiting, name)))
          .hasCauseInstanceOf(ObjectStoreException.Unavailable.class)
          .hasMessageContaining("it is not known whether it will last");
    }
  }

  /// Until the server has taken note of its new setting, writes succeed.
  private static void writeUntilRefused(Statement administrator, Consumer<String> writing)
      throws Exception {
    for (int i = 0; i < WRITES_MAX; i++) {
      String name = "journal/" + i;
      FutureTask<Void> write = new FutureTask<>(() -> writing.accept(name), null);
      Thread.ofVirtual().start(write);
      while (!write.isDone()) {
        administrator.execute(
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
        administrator.execute("SELECT pg_sleep(0.02)");
      }
      write.get();
    }
  }

  private static void create(ObjectStore store, String name) {
    store.putIfAbsent(new ObjectKey(name), ObjectBody.of(text("it")));
  }

  private static void overwrite(ObjectStore store, String name) {
    store.put(new ObjectKey(name), ObjectBody.of(text("it")));
  }

  private static Connection administrator(PostgresServer server) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(server.port()),
        "weft",
        PostgresServer.PASSWORD);
  }
}
