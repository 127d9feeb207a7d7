package io.weft.controlplane.leader.inspect;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Shapes;
import io.weft.controlplane.journal.Journal;
import io.weft.controlplane.journal.JournalEntry;
import io.weft.controlplane.journal.JournalException;
import io.weft.controlplane.journal.JournalReader;
import io.weft.controlplane.journal.JournalTip;
import io.weft.controlplane.journal.ObjectJournal;
import io.weft.controlplane.journal.Snapshot;
import io.weft.controlplane.journal.Snapshots;
import io.weft.controlplane.leader.EntryBody;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.StateSnapshot;
import io.weft.controlplane.state.file.FileLeases;
import io.weft.controlplane.state.file.FileRecord.FileIdsLeased;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.environment.Environment;
import io.weft.model.FileTier;
import io.weft.storage.object.ObjectStore;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The state that a journal gives, built from the newest readable snapshot and the entries behind
/// it, and followed while a leader adds more. Owned by one thread.
///
/// What a leader removes meanwhile is not missed: the state is then built anew. The state is for
/// reading only.
public final class FollowedState {
  private static final Logger LOG = LoggerFactory.getLogger(FollowedState.class);

  private static final int READ_AHEAD = 16;

  /// How often it begins again because a leader has removed what was being read.
  private static final int STARTS_MAX = 5;

  private final Journal journal;
  private final Snapshots snapshots;
  private final JournalReader reader;
  private ControlPlaneState state = new ControlPlaneState();
  private JournalTip tip = JournalTip.START;
  private long nextFileId = 1;

  private FollowedState(ObjectStore store, Environment environment) {
    this.journal = new ObjectJournal(store);
    this.snapshots = new Snapshots(store);
    this.reader = new JournalReader(journal, environment, READ_AHEAD);
  }

  /// Builds the state up to the journal's end.
  ///
  /// @return empty if there is no journal, or one whose cluster has not been founded yet
  /// @throws JournalException.Unusable if the state cannot be built
  /// @throws JournalException.Unavailable if the store cannot be read
  public static Optional<FollowedState> open(ObjectStore store, Environment environment) {
    FollowedState followed = new FollowedState(store, environment);
    followed.restart();
    return followed.state.founded() ? Optional.of(followed) : Optional.empty();
  }

  /// Takes in what was in the journal when this was called, and perhaps more.
  ///
  /// @throws JournalException as [#open]
  public void advance() {
    try {
      readToEnd();
    } catch (JournalException.Damaged gone) {
      // Entries that were removed behind a snapshot look like a hole.
      restart();
    }
  }

  /// As of [#entry]: a later [#advance] may change it or put another in its place.
  public ControlPlaneState state() {
    return state;
  }

  /// Index of the last entry that the state holds.
  public long entry() {
    return tip.index();
  }

  /// Every file id with this number or a larger one has never been leased.
  public long nextFileId() {
    return nextFileId;
  }

  private void restart() {
    List<Long> indexes = snapshots.indexes();
    for (int starts = 1; ; starts++) {
      try {
        begin(indexes);
        readToEnd();
        if (!indexes.isEmpty() && tip.index() < indexes.getFirst()) {
          throw new JournalException.Damaged(
              "the journal ends with entry %d, before the newest snapshot (after entry %d)"
                  .formatted(tip.index(), indexes.getFirst()));
        }
        return;
      } catch (JournalException.Unusable failure) {
        // A leader at work may have removed what this was reading.
        List<Long> now = snapshots.indexes();
        if (now.equals(indexes) || starts == STARTS_MAX) {
          throw failure;
        }
        indexes = now;
      }
    }
  }

  private void begin(List<Long> indexes) {
    for (long index : indexes) {
      try {
        Optional<Snapshot> snapshot = snapshots.read(index);
        if (snapshot.isPresent()) {
          load(snapshot.get());
          return;
        }
      } catch (JournalException.Damaged damage) {
        LOG.warn("The snapshot after entry {} cannot be used; trying the one before", index);
      } catch (MalformedBytesException malformed) {
        throw JournalException.unreadable("the snapshot after entry " + index, malformed);
      }
    }
    state = new ControlPlaneState();
    tip = JournalTip.START;
    nextFileId = 1;
  }

  private void load(Snapshot snapshot) {
    ControlPlaneState held = StateSnapshot.read(snapshot.state());
    snapshot.state().finish();
    Optional<JournalEntry> last = reader.read(snapshot.tip().index());
    if (last.isEmpty() || !last.get().tip().equals(snapshot.tip())) {
      throw new JournalException.Damaged(
          "journal entry %d is not the one that the snapshot after it names"
              .formatted(snapshot.tip().index()));
    }
    state = held;
    tip = snapshot.tip();
    nextFileId = nextFileId(held.leases());
  }

  /// As the leases' own table in a snapshot says it.
  private static long nextFileId(FileLeases leases) {
    WireWriter out = new WireWriter();
    leases.write(out);
    return Shapes.unlimited()
        .of(FileLeases.Table.class)
        .read(new WireReader(out.toByteArray()))
        .next();
  }

  /// A leader at work may write as fast as this reads: what it adds behind the end that is looked
  /// up first is left for the next call.
  private void readToEnd() {
    long end = reader.endBehind(tip.index());
    while (tip.index() < end) {
      List<JournalEntry> entries = reader.readFrom(tip.index() + 1);
      if (entries.isEmpty()) {
        throw new JournalException.Damaged(
            "journal entry %d is missing, entry %d is there".formatted(tip.index() + 1, end));
      }
      entries.forEach(this::take);
    }
  }

  private void take(JournalEntry entry) {
    JournalTip next = tip.after(entry);
    try {
      if (EntryBody.read(entry.body()) instanceof EntryBody.Records turn) {
        turn.records().forEach(this::replay);
      }
    } catch (MalformedBytesException malformed) {
      throw JournalException.unreadable("journal entry " + next.index(), malformed);
    }
    tip = next;
  }

  private void replay(StateRecord record) {
    try {
      state.replay(record, ChangeListener.NONE);
    } catch (RuntimeException unfit) {
      throw new JournalException.Damaged(
          "journal entry %d does not fit the state before it: %s".formatted(tip.index() + 1, unfit),
          unfit);
    }
    if (record instanceof FileIdsLeased leased) {
      nextFileId = FileTier.number(leased.firstFileId()) + leased.count();
    }
  }
}
