package io.weft.controlplane.leader.inspect;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.NewerFormatException;
import io.weft.controlplane.journal.Journal;
import io.weft.controlplane.journal.JournalEntry;
import io.weft.controlplane.journal.JournalException;
import io.weft.controlplane.journal.JournalReader;
import io.weft.controlplane.journal.ObjectJournal;
import io.weft.controlplane.leader.EntryBody;
import io.weft.controlplane.leader.inspect.JournalReport.Verdict;
import io.weft.environment.Environment;
import io.weft.storage.object.ObjectStore;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalLong;

/// Entries of a journal printed for a person, each record on a line of its own. Owned by one
/// thread.
///
/// An entry that cannot be read is said to be so, and the next one is read; so is a number that has
/// none.
public final class JournalDump {
  private final Journal journal;
  private final JournalReader reader;
  private final PrintWriter out;
  private long printed;
  private Verdict verdict = Verdict.SOUND;

  private JournalDump(ObjectStore store, Environment environment, PrintWriter out) {
    this.journal = new ObjectJournal(store);
    this.reader = new JournalReader(journal, environment, 1);
    this.out = out;
  }

  /// Prints the entries from one to another, both included.
  ///
  /// @return DAMAGED if one of them is, or is missing; else NEWER if a newer release wrote one;
  ///   EMPTY if the journal has none at all
  /// @throws JournalException.Unavailable if the store cannot be read
  public static Verdict print(
      ObjectStore store, Environment environment, PrintWriter out, long from, long to) {
    return new JournalDump(store, environment, out).print(from, to);
  }

  private Verdict print(long from, long to) {
    long index = journal.firstFrom(from).orElse(from);
    // What a leader at work adds meanwhile is left out: it may add as fast as this prints.
    long last = Math.min(to, reader.endBehind(index - 1));
    while (index <= last && !out.checkError()) {
      long next = index + 1;
      try {
        Optional<JournalEntry> entry = reader.read(index);
        if (entry.isPresent()) {
          print(entry.get());
        } else {
          OptionalLong later = journal.firstFrom(index);
          if (later.isEmpty()) {
            break;
          }
          next = later.getAsLong();
          if (next > index) {
            verdict = Verdict.DAMAGED;
            out.printf("entries %d to %d: MISSING%n", index, next - 1);
          }
        }
      } catch (JournalException.Unusable e) {
        unreadable(e instanceof JournalException.Newer);
        out.printf("entry %d: UNREADABLE: %s%n", index, RecordText.escaped(e.getMessage()));
      }
      index = next;
    }
    out.printf("%d entries%n", printed);
    out.flush();
    return printed == 0 && verdict == Verdict.SOUND && journal.firstFrom(1).isEmpty()
        ? Verdict.EMPTY
        : verdict;
  }

  private void unreadable(boolean newer) {
    if (verdict != Verdict.DAMAGED) {
      verdict = newer ? Verdict.NEWER : Verdict.DAMAGED;
    }
  }

  private void print(JournalEntry entry) {
    printed++;
    out.printf(
        "entry %d epoch %d writer %s at %s, %d bytes, crc %08x after %08x: ",
        entry.tip().index(),
        entry.tip().epoch(),
        HexFormat.of().toHexDigits(entry.tip().writer()),
        Instant.ofEpochMilli(entry.tip().timeMs()),
        entry.frame().length,
        entry.tip().crc(),
        entry.previousCrc());
    try {
      switch (EntryBody.read(entry.body())) {
        case EntryBody.Records turn -> {
          out.printf("%d records%n", turn.records().size());
          turn.records().forEach(record -> out.printf("  %s%n", RecordText.of(record)));
        }
        case EntryBody.LeaderStarted started ->
            out.printf("leader started: %s%n", RecordText.escaped(started.name()));
        case EntryBody.Resigned _ -> out.printf("leader resigned%n");
        case EntryBody.Quarantined ended ->
            out.printf(
                "leader ended by a command, which is quarantined: %s %016x%016x%n",
                RecordText.escaped(ended.suspect().kind()),
                ended.suspect().high(),
                ended.suspect().low());
      }
    } catch (MalformedBytesException e) {
      unreadable(e instanceof NewerFormatException);
      out.printf("UNREADABLE: %s%n", RecordText.escaped(e.getMessage()));
    }
  }
}
