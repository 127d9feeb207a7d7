package io.weft.controlplane.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.journal.AppendOutcome;
import io.weft.controlplane.journal.Journal;
import io.weft.controlplane.journal.JournalContract;
import io.weft.controlplane.journal.ObjectJournal;
import io.weft.environment.Environment;
import io.weft.storage.object.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class PostgresJournalTest extends JournalContract {
  private static final AtomicInteger CLUSTERS = new AtomicInteger();
  private static PostgresServer server;

  private final List<ObjectStore> opened = new ArrayList<>();

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

  @AfterEach
  void closeStores() {
    opened.forEach(ObjectStore::close);
  }

  @Override
  protected Journal journal() {
    return journal(server.port(), "j" + CLUSTERS.incrementAndGet());
  }

  private Journal journal(int port, String cluster) {
    ObjectStore store = JournalUrl.open(server.url(port, cluster), Environment.system());
    opened.add(store);
    return new ObjectJournal(store);
  }

  @Test
  void anAppendWhoseAnswerIsLostIsFoundByItsNonce() throws Exception {
    try (CuttingProxy proxy = new CuttingProxy(server.port())) {
      Journal cut = journal(proxy.port(), "cut");
      for (int index = 1; index <= 20; index++) {
        byte[] entry = {(byte) index};
        proxy.loseNextAnswerAfter("INSERT INTO weft_object");
        assertThat(cut.append(index, entry)).as("entry " + index).isEqualTo(AppendOutcome.APPENDED);
        assertThat(proxy.lost()).isEqualTo(index);
        assertThat(cut.append(index, entry)).isEqualTo(AppendOutcome.TAKEN);
        assertThat(cut.read(index)).hasValue(entry);
      }
      assertThat(cut.firstFrom(21)).isEmpty();
    }
  }

  @Test
  void whatWasAppendedOutlivesACrashOfTheServer() throws Exception {
    Journal journal = journal();
    journal.append(1, new byte[] {1});
    server.kill();
    server.begin();
    assertThat(journal.read(1)).hasValue(new byte[] {1});
    assertThat(journal.append(1, new byte[] {2})).isEqualTo(AppendOutcome.TAKEN);
    assertThat(journal.append(2, new byte[] {2})).isEqualTo(AppendOutcome.APPENDED);
  }
}
