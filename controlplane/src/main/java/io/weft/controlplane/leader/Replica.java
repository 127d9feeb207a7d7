package io.weft.controlplane.leader;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.journal.JournalEntry;
import io.weft.controlplane.journal.JournalException;
import io.weft.controlplane.journal.JournalReader;
import io.weft.controlplane.journal.JournalTip;
import io.weft.controlplane.journal.SnapshotPacing;
import io.weft.controlplane.leader.conservation.SumComparisons;
import io.weft.controlplane.leader.quarantine.Quarantine;
import io.weft.controlplane.leader.quarantine.Suspect;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.log.LogRecord.SumsStated;
import io.weft.controlplane.state.log.SumsDifferException;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.environment.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The state as the journal tells it, up to some entry, and the leader of that time. Owned by one
/// thread.
final class Replica {
  private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

  private final ControlPlaneState state;
  private final SnapshotPacing sinceSnapshot;
  private final Quarantine quarantine;
  private final Clock clock;
  private final int known;
  private final SumComparisons sums;
  private JournalTip tip;
  private String leader = "";
  private boolean resigned;
  private long movedMs;

  /// @param tip the last entry that `state` holds
  /// @param quarantine learns what ended leaders
  /// @param snapshotBytes of the snapshot that `state` is from; 0 if from none
  /// @param known the highest level that is read
  /// @param sums learns how they compare with the leaders'
  Replica(
      ControlPlaneState state,
      JournalTip tip,
      Quarantine quarantine,
      long snapshotBytes,
      int known,
      SumComparisons sums,
      Clock clock) {
    this.sums = sums;
    this.state = state;
    this.quarantine = quarantine;
    this.tip = tip;
    this.sinceSnapshot = new SnapshotPacing(snapshotBytes);
    this.clock = clock;
    this.known = known;
    this.movedMs = clock.monotonicMs();
  }

  ControlPlaneState state() {
    return state;
  }

  Quarantine quarantine() {
    return quarantine;
  }

  JournalTip tip() {
    return tip;
  }

  /// What the journal has behind the snapshot that this began with. Owned by the process that leads
  /// from here on.
  SnapshotPacing sinceSnapshot() {
    return sinceSnapshot;
  }

  /// The last leader; empty where that is not known.
  String leader() {
    return leader;
  }

  /// Whether the last entry was the end of a leader that says so itself.
  boolean hasResigned() {
    return resigned;
  }

  /// Reads and replays the next entries.
  ///
  /// @return false if there are none
  boolean advance(JournalReader reader) {
    List<JournalEntry> entries = reader.readFrom(tip.index() + 1);
    for (JournalEntry entry : entries) {
      JournalTip next = tip.after(entry);
      replay(entry);
      tip = next;
      sinceSnapshot.wrote(entry.frame().length);
      // Only now: measured from after the entry was written.
      movedMs = clock.monotonicMs();
    }
    return !entries.isEmpty();
  }

  /// Looks at the entry the state ends with, which it holds already.
  void notice(JournalEntry last) {
    noteLeadership(body(last), last.tip().timeMs());
  }

  /// Whether the last leader has resigned, or has been silent for so long that it answers nothing
  /// any more without writing first. True of a journal that never had an entry.
  boolean isLeaderless(long leaderLeaseMs) {
    return resigned || tip.index() == 0 || clock.monotonicMs() - movedMs >= leaderLeaseMs;
  }

  private void replay(JournalEntry entry) {
    EntryBody body = body(entry);
    if (body instanceof EntryBody.Records turn) {
      turn.records().forEach(each -> replay(each, entry.tip().index()));
    }
    noteLeadership(body, entry.tip().timeMs());
  }

  private void replay(StateRecord record, long index) {
    try {
      state.replay(record, ChangeListener.NONE);
    } catch (SumsDifferException e) {
      sums.compared(true);
      throw new JournalException.Diverged(
          "after journal entry %d %s".formatted(index, e.getMessage()), e);
    }
    if (record instanceof SumsStated) {
      sums.compared(false);
    }
  }

  private void noteLeadership(EntryBody body, long timeMs) {
    quarantine.saw(timeMs);
    switch (body) {
      case EntryBody.Records _ -> resigned = false;
      case EntryBody.LeaderStarted started -> {
        leader = started.name();
        resigned = false;
      }
      case EntryBody.Resigned _ -> {
        leader = "";
        resigned = true;
      }
      case EntryBody.Quarantined(Suspect suspect) -> {
        leader = "";
        resigned = true;
        quarantine.add(suspect, timeMs);
        LOG.warn(
            "A leader was ended by {}: this command is refused for an hour from then on", suspect);
      }
    }
  }

  private EntryBody body(JournalEntry entry) {
    try {
      return EntryBody.read(entry.body(), known);
    } catch (MalformedBytesException e) {
      throw JournalException.unreadable("journal entry " + entry.tip().index(), e);
    }
  }
}
