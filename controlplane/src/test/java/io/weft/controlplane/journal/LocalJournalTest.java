package io.weft.controlplane.journal;

import io.weft.storage.object.local.LocalObjectStore;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

final class LocalJournalTest extends JournalContract {
  @TempDir private Path folder;

  @Override
  protected Journal journal() {
    return new ObjectJournal(new LocalObjectStore(folder));
  }
}
