package io.weft.controlplane.journal;

import io.weft.environment.Environment;
import io.weft.environment.Pending;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads entries in order, several at once while there are many. Owned by one thread.
public final class JournalReader {
  private static final Logger LOG = LoggerFactory.getLogger(JournalReader.class);

  /// How often an entry is read before it counts as damaged.
  private static final int READS_MAX = 3;

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

  /// The entry of an index, or empty if it does not exist (yet, or any more).
  ///
  /// @throws JournalException.Damaged if it is damaged, however often it is read
  public Optional<JournalEntry> read(long index) {
    return journal.read(index).flatMap(frame -> checked(index, frame));
  }

  /// The journal's last entry at some moment of this call, found with few listings of one key each:
  /// in steps that double, then between the last two of them. A reader that stops there comes to an
  /// end, though a leader at work writes as fast as this reads.
  ///
  /// @return `index` if nothing is behind it
  public long endBehind(long index) {
    long last = index;
    long step = 1;
    OptionalLong found = journal.firstFrom(last + step);
    while (found.isPresent()) {
      last = found.getAsLong();
      step *= 2;
      found = journal.firstFrom(last + step);
    }
    long none = last + step;
    while (none - last > 1) {
      long between = last + (none - last) / 2;
      found = journal.firstFrom(between);
      if (found.isPresent()) {
        last = found.getAsLong();
      } else {
        none = between;
      }
    }
    return last;
  }

  private List<JournalEntry> readOne(long index) {
    return read(index).map(List::of).orElse(List.of());
  }

  /// Bytes can go wrong on their way: what looks damaged is fetched again before it is believed,
  /// since nobody but a person gets over a damaged journal.
  ///
  /// @return empty if it has been truncated meanwhile
  private Optional<JournalEntry> checked(long index, byte[] frame) {
    byte[] latest = frame;
    for (int reads = 1; ; reads++) {
      try {
        return Optional.of(JournalEntry.read(index, latest));
      } catch (JournalException.Damaged damage) {
        if (reads == READS_MAX) {
          throw damage;
        }
        LOG.warn("Entry {} looks damaged, it is read again: {}", index, damage.getMessage());
        Optional<byte[]> again = journal.read(index);
        if (again.isEmpty()) {
          return Optional.empty();
        }
        latest = again.get();
      }
    }
  }

  private List<JournalEntry> readWindow(long index) {
    List<Pending<Optional<byte[]>>> frames = new ArrayList<>(window);
    for (int i = 0; i < window; i++) {
      frames.add(begin(index + i));
    }
    List<JournalEntry> entries = new ArrayList<>(window);
    for (Pending<Optional<byte[]>> frame : frames) {
      Optional<byte[]> found = await(frame);
      long next = index + entries.size();
      Optional<JournalEntry> entry = found.flatMap(bytes -> checked(next, bytes));
      if (entry.isEmpty()) {
        // Those behind it may have been written since: they are read next time.
        return entries;
      }
      entries.add(entry.get());
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
              } catch (RuntimeException bug) {
                // The reader must not wait for ever where a bug does not end the process at once.
                frame.fail(bug);
                throw bug;
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
