package io.weft.controlplane.journal;

import io.weft.environment.Environment;
import io.weft.environment.Pending;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads entries in order, several at once while there are many. Owned by one thread.
public final class JournalReader {
  private final Journal journal;
  private final Environment environment;
  private final int readAheadMax;
  private int window = 1;

  public JournalReader(Journal journal, Environment environment, int readAheadMax) {
    this.journal = journal;
    this.environment = environment;
    this.readAheadMax = readAheadMax;
  }

  /// The entries from an index on, at most `readAheadMax`, up to the first that is not there. Empty
  /// means: none at this index.
  ///
  /// @throws JournalException.Damaged if one of them is damaged
  public List<JournalEntry> readFrom(long index) {
    List<JournalEntry> entries = window == 1 ? readOne(index) : readWindow(index);
    window = entries.size() == window ? Math.min(readAheadMax, window * 2) : 1;
    return entries;
  }

  private List<JournalEntry> readOne(long index) {
    return journal
        .read(index)
        .map(frame -> List.of(JournalEntry.read(index, frame)))
        .orElse(List.of());
  }

  private List<JournalEntry> readWindow(long index) {
    List<Pending<Optional<byte[]>>> frames = new ArrayList<>(window);
    for (int i = 0; i < window; i++) {
      frames.add(begin(index + i));
    }
    List<JournalEntry> entries = new ArrayList<>(window);
    for (Pending<Optional<byte[]>> frame : frames) {
      Optional<byte[]> found = await(frame);
      if (found.isEmpty()) {
        // Those behind it may have been written since: they are read next time.
        return entries;
      }
      entries.add(JournalEntry.read(index + entries.size(), found.get()));
    }
    return entries;
  }

  private Pending<Optional<byte[]>> begin(long index) {
    Pending<Optional<byte[]>> frame = new Pending<>();
    environment
        .tasks()
        .start(
            "journal-read-" + index,
            () -> {
              try {
                frame.complete(journal.read(index));
              } catch (JournalException e) {
                frame.fail(e);
              }
            });
    return frame;
  }

  private static Optional<byte[]> await(Pending<Optional<byte[]>> frame) {
    try {
      return frame.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JournalException.Unavailable("interrupted", e);
    }
  }
}
