package io.weft.controlplane.journal;

import io.weft.environment.Environment;
import io.weft.model.Invariant;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;

/// A leader's way to append: says "written" only if the entry is this leader's and is the first
/// that ever stood at its index. Owned by the leader thread.
///
/// **The trap.** An index that was truncated looks free. A leader that was paused for long could
/// append to it, be told `APPENDED`, and answer for a history nobody else has.
///
/// **Why it cannot be believed.** Let `free` be a time at which nothing had ever been written at
/// index n or after.
///
/// - Such a time is known: when the append of entry n - 1, which succeeded, was *begun* (entry n
///   names the checksum of entry n - 1, so it can only be younger); or when a listing from n on,
///   which came back empty, was begun (truncation always leaves the entries after the older of two
///   snapshots, so where n was truncated the listing finds later ones).
/// - A process that truncates n has seen it for `truncationGraceMs` on a monotonic clock
///   ([Truncation]), so n is not removed before `free` + `truncationGraceMs`.
/// - An append of n that has *ended* before that met either nothing or an entry that was still
///   there: `APPENDED` means it was the first.
///
/// So an append is believed only if it ended within `appendDeadlineMs` of its beginning, and began
/// at most `truncationGraceMs` - 2 × `appendDeadlineMs` after `free`; where `free` is older, a new
/// listing is made first. One `appendDeadlineMs` is left over for clocks that run at different
/// speeds.
///
/// A put that lands long after its writer gave up may put an object below the truncation: nobody
/// reads there, and the next truncation removes it.
///
/// **Lost answers.** An attempt that was not answered may have been done, and `TAKEN` may be its
/// echo: the bytes at the index tell, since no two leaders write the same.
public final class JournalWriter {
  private static final long RETRY_PAUSE_MS = 100;

  private final Journal journal;
  private final Environment environment;
  private final JournalSettings settings;
  private JournalTip tip;
  private ClockReading free;
  private ClockReading lastBegun;

  /// @param tip the last entry of the journal, as far as is known
  public JournalWriter(
      Journal journal, Environment environment, JournalSettings settings, JournalTip tip) {
    this.journal = journal;
    this.tip = tip;
    this.environment = environment;
    this.settings = settings;
  }

  /// What became of an entry. Anything but `Written`: nothing may be answered that rests on it.
  public sealed interface Outcome {
    record Written() implements Outcome {}

    /// It is not, or not known to be, in the journal.
    record Lost(String why) implements Outcome {}

    /// The journal goes on further ahead: this index was truncated.
    record Overtaken(long nextIndex) implements Outcome {}
  }

  /// Begins a new epoch with its first entry: the process that gets it written is the epoch's only
  /// writer.
  public Outcome begin(long timeMs, byte[] body) {
    long writer = environment.randomness().nextLong();
    return append(
        JournalEntry.following(
            tip,
            tip.epoch() + 1,
            writer == tip.writer() ? writer + 1 : writer,
            Math.max(timeMs, tip.timeMs()),
            body));
  }

  /// Appends the next entry of the epoch that was begun.
  public Outcome append(long timeMs, byte[] body) {
    Invariant.check(lastBegun != null, "no epoch was begun");
    return append(
        JournalEntry.following(
            tip, tip.epoch(), tip.writer(), Math.max(timeMs, tip.timeMs()), body));
  }

  /// The last entry known to be in the journal.
  public JournalTip tip() {
    return tip;
  }

  /// How long ago the last successful append was begun: nobody else has written since, if it is
  /// less than they wait before they take over.
  public long sinceLastAppendMs() {
    return lastBegun == null ? Long.MAX_VALUE : lastBegun.elapsedMs(environment.clock());
  }

  private Outcome append(JournalEntry entry) {
    try {
      if (free == null || free.elapsedMs(environment.clock()) > freshForMs()) {
        ClockReading begun = ClockReading.now(environment.clock());
        OptionalLong later = journal.firstFrom(entry.tip().index());
        if (later.isPresent()) {
          return later.getAsLong() == entry.tip().index()
              ? lost(entry)
              : new Outcome.Overtaken(later.getAsLong());
        }
        free = begun;
      }
      return appendFree(entry);
    } catch (JournalException.Unavailable e) {
      return new Outcome.Lost(e.getMessage());
    }
  }

  private static Outcome lost(JournalEntry entry) {
    return new Outcome.Lost("another wrote entry %d".formatted(entry.tip().index()));
  }

  private Outcome appendFree(JournalEntry entry) {
    ClockReading begun = ClockReading.now(environment.clock());
    Optional<byte[]> stands = Optional.empty();
    boolean appended = false;
    while (!appended && stands.isEmpty()) {
      try {
        appended = journal.append(entry.tip().index(), entry.frame()) == AppendOutcome.APPENDED;
        stands = appended ? stands : journal.read(entry.tip().index());
      } catch (JournalException.Unavailable e) {
        if (begun.elapsedMs(environment.clock()) >= settings.appendDeadlineMs() || !paused()) {
          return new Outcome.Lost(e.getMessage());
        }
        stands = readIfAvailable(entry.tip().index());
      }
    }
    if (!appended && !Arrays.equals(stands.get(), entry.frame())) {
      return lost(entry);
    }
    long tookMs = begun.elapsedMs(environment.clock());
    if (tookMs > settings.appendDeadlineMs()) {
      return new Outcome.Lost(
          "the append of entry %d took %d ms".formatted(entry.tip().index(), tookMs));
    }
    free = begun;
    lastBegun = begun;
    tip = entry.tip();
    return new Outcome.Written();
  }

  private Optional<byte[]> readIfAvailable(long index) {
    try {
      return journal.read(index);
    } catch (JournalException.Unavailable e) {
      return Optional.empty();
    }
  }

  private long freshForMs() {
    return settings.truncationGraceMs() - 2 * settings.appendDeadlineMs();
  }

  /// @return false if the thread was interrupted
  private boolean paused() {
    if (Thread.currentThread().isInterrupted()) {
      return false;
    }
    try {
      environment.tasks().sleepMs(RETRY_PAUSE_MS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
