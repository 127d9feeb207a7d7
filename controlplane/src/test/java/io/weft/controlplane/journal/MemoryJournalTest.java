package io.weft.controlplane.journal;

import io.weft.storage.object.MemoryObjectStore;

final class MemoryJournalTest extends JournalContract {
  @Override
  protected Journal journal() {
    return new ObjectJournal(new MemoryObjectStore());
  }
}
