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
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PostgresStoreTest extends ObjectStoreContract {
  private static final AtomicInteger CLUSTERS = new AtomicInteger();
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
}
