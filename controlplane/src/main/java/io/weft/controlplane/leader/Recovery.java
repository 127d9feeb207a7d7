package io.weft.controlplane.leader;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.NewerFormatException;
import io.weft.controlplane.journal.JournalEntry;
import io.weft.controlplane.journal.JournalException;
import io.weft.controlplane.journal.JournalReader;
import io.weft.controlplane.journal.JournalTip;
import io.weft.controlplane.journal.Snapshot;
import io.weft.controlplane.journal.Snapshots;
import io.weft.controlplane.leader.conservation.SumComparisons;
import io.weft.controlplane.leader.quarantine.Quarantine;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.StateSnapshot;
import io.weft.environment.Clock;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Builds the state from the newest readable snapshot and the journal after it, whole or not at
/// all. Owned by the seat's thread.
///
/// The entry a snapshot ends with must still be there and be the one it names (truncation leaves
/// it), the entries after it must have no gap, and must reach the newest snapshot there is: a
/// journal that was emptied or exchanged is noticed rather than continued.
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private final Snapshots snapshots;
  private final JournalReader reader;
  private final Quarantine quarantine;
  private final int known;
  private final SumComparisons sums;
  private final Clock clock;

  /// @param known the highest level that is read
  /// @param sums learns how they compare with the leaders'
  Recovery(
      Snapshots snapshots,
      JournalReader reader,
      Quarantine quarantine,
      int known,
      SumComparisons sums,
      Clock clock) {
    this.sums = sums;
    this.quarantine = quarantine;
    this.snapshots = snapshots;
    this.reader = reader;
    this.known = known;
    this.clock = clock;
  }

  /// @throws JournalException.Unusable if the whole state cannot be read
  Replica recover() {
    List<Long> indexes = snapshots.indexes();
    while (true) {
      try {
        return fromNewest(indexes);
      } catch (JournalException.Unusable e) {
        // A leader at work may have moved on while this read, and removed what this needed.
        List<Long> now = snapshots.indexes();
        if (newest(now) <= newest(indexes)) {
          throw e;
        }
        indexes = now;
      }
    }
  }

  /// A leader at work may write as fast as this reads: what it adds behind the end that is looked
  /// up first is for those that follow it.
  private Replica fromNewest(List<Long> indexes) {
    Replica replica = newestReadable(indexes);
    long end = reader.endBehind(replica.tip().index());
    while (replica.tip().index() < end) {
      if (!replica.advance(reader)) {
        // Entries are written one after the other: if a later one is there, this one was.
        throw new JournalException.Damaged(
            "journal entry %d is missing, entry %d is there"
                .formatted(replica.tip().index() + 1, end));
      }
    }
    if (end < newest(indexes)) {
      throw new JournalException.Damaged(
          "the journal ends with entry %d, before the newest snapshot (after entry %d)"
              .formatted(end, newest(indexes)));
    }
    return replica;
  }

  private Replica newestReadable(List<Long> indexes) {
    for (long index : indexes) {
      try {
        Optional<Snapshot> snapshot = snapshots.read(index);
        if (snapshot.isPresent()) {
          return from(snapshot.get());
        }
      } catch (NewerFormatException e) {
        // What is before it leads to the same.
        throw JournalException.unreadable("the snapshot after entry " + index, e);
      } catch (JournalException.Unusable | MalformedBytesException e) {
        LOG.error("The snapshot after entry {} cannot be used; trying the one before", index, e);
      }
    }
    return new Replica(
        new ControlPlaneState(), JournalTip.START, quarantine, 0, known, sums, clock);
  }

  private Replica from(Snapshot snapshot) {
    JournalTip tip = snapshot.tip();
    ControlPlaneState state = StateSnapshot.read(snapshot.state(), known);
    snapshot.state().finish();
    JournalEntry last =
        reader
            .read(tip.index())
            .orElseThrow(
                () ->
                    new JournalException.Damaged(
                        "journal entry %d is gone".formatted(tip.index())));
    if (!last.tip().equals(tip)) {
      throw new JournalException.Damaged(
          "journal entry %d is not the one the snapshot names".formatted(tip.index()));
    }
    Replica replica = new Replica(state, tip, quarantine, snapshot.bytes(), known, sums, clock);
    replica.notice(last);
    return replica;
  }

  private static long newest(List<Long> indexes) {
    return indexes.isEmpty() ? 0 : indexes.getFirst();
  }
}
