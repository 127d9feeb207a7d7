package io.weft.controlplane.leader.inspect;

import io.weft.controlplane.codec.MalformedBytesException;
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
import io.weft.controlplane.state.StateHash;
import io.weft.controlplane.state.StateSnapshot;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.environment.Environment;
import io.weft.storage.object.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/// Reads all entries and snapshots of a journal as a control plane would, and says whether that can
/// be done. Owned by one thread.
///
/// Each snapshot is decoded. Each entry has its checksum, its number, its place behind the one
/// before it and each of its records looked at, and is replayed on the oldest snapshot; where a
/// later snapshot is reached, the state must be the one it holds. Behind a fault it goes on from
/// the next snapshot. Holds two states in memory.
///
/// A journal that is being led may be looked at: what the leader removes meanwhile is not missed.
public final class JournalCheck {
  /// Faults that are told; what comes behind so many is not looked at.
  public static final int FAULTS_MAX = 20;

  private static final int READ_AHEAD = 16;

  /// How often it begins again because a leader has removed what was being read.
  private static final int STARTS_MAX = 5;

  private final Journal journal;
  private final Snapshots snapshots;
  private final JournalReader reader;

  private final Map<Long, Sound> sound = new TreeMap<>();
  private final List<String> lines = new ArrayList<>();
  private final List<JournalReport.Fault> faults = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private ControlPlaneState state = new ControlPlaneState();
  private Optional<JournalTip> tip = Optional.empty();
  private boolean stateIsKnown;
  private long next;
  private long first;
  private long entries;
  private long records;

  /// The last entry that the state held when it was taken from a snapshot.
  private long begunAfter;

  /// What the state was built from: a snapshot, or the first entry.
  private String start = "";

  /// Whether the row of entries broke, with nothing to go on from.
  private boolean brokenOff;

  private JournalCheck(ObjectStore store, Environment environment) {
    this.journal = new ObjectJournal(store);
    this.snapshots = new Snapshots(store);
    this.reader = new JournalReader(journal, environment, READ_AHEAD);
  }

  /// Whether a snapshot does not tell of the producers of deleted topics. A process that began with
  /// it knows less of them than one that began earlier, and its later snapshots say less too: they
  /// are not compared.
  private boolean formerDiffers;

  /// A snapshot that could be decoded.
  private record Sound(JournalTip tip, StateHash hash) {}

  /// Reads everything.
  ///
  /// @throws JournalException.Unavailable if the store cannot be read
  public static JournalReport run(ObjectStore store, Environment environment) {
    for (int starts = 1; ; starts++) {
      Optional<JournalReport> report = new JournalCheck(store, environment).once(starts);
      if (report.isPresent()) {
        return report.get();
      }
    }
  }

  /// @param starts how often it has begun
  /// @return empty if a leader removed what was being read: begin again
  private Optional<JournalReport> once(int starts) {
    List<Long> indexes = snapshots.indexes().reversed();
    indexes.forEach(this::readSnapshot);
    long oldest = indexes.isEmpty() ? 1 : indexes.getFirst();
    first = journal.firstFrom(0).orElse(0);
    next = first;
    if (first > oldest) {
      fault(
          "journal entry %d is missing, the first one there is entry %d".formatted(oldest, first),
          false);
    }
    long last = first > 0 ? reader.endBehind(first) : 0;
    boolean more = first > 0;
    while (more && faults.size() < FAULTS_MAX) {
      more = advance(oldest) && next <= last;
    }
    long newest = indexes.isEmpty() ? 0 : indexes.getLast();
    long end = tip.map(JournalTip::index).orElse(0L);
    if (!brokenOff && end < newest) {
      fault(
          "the journal ends with entry %d, before the newest snapshot (after entry %d): its end is lost"
              .formatted(end, newest),
          false);
    }
    if (starts < STARTS_MAX
        && !faults.isEmpty()
        && !snapshots.indexes().reversed().equals(indexes)) {
      return Optional.empty();
    }
    boolean startable = stateIsKnown && end >= newest && end > 0;
    return Optional.of(
        new JournalReport(
            List.copyOf(lines),
            first,
            end,
            tip.map(JournalTip::timeMs).orElse(0L),
            entries,
            records,
            List.copyOf(faults),
            List.copyOf(notes),
            startable ? Optional.of(start + ", up to entry " + end) : Optional.empty()));
  }

  private void readSnapshot(long index) {
    try {
      Optional<Snapshot> snapshot = snapshots.read(index);
      if (snapshot.isEmpty()) {
        return;
      }
      ControlPlaneState held = decode(snapshot.get());
      sound.put(index, new Sound(snapshot.get().tip(), StateHash.of(held)));
      formerDiffers |= !held.logs().former().isComplete();
      lines.add(
          "snapshot after entry %d: sound, %d bytes".formatted(index, snapshot.get().bytes()));
    } catch (JournalException.Unusable e) {
      fault(e.getMessage(), e instanceof JournalException.Newer);
    } catch (MalformedBytesException e) {
      JournalException.Unusable why =
          JournalException.unreadable("the snapshot after entry " + index, e);
      fault(why.getMessage(), why instanceof JournalException.Newer);
    }
  }

  private static ControlPlaneState decode(Snapshot snapshot) {
    ControlPlaneState held = StateSnapshot.read(snapshot.state());
    snapshot.state().finish();
    return held;
  }

  /// The next entries: as many as come before one that cannot be read.
  private List<JournalEntry> readNext() {
    try {
      return reader.readFrom(next);
    } catch (JournalException.Unusable e) {
      return reader.read(next).map(List::of).orElse(List.of());
    }
  }

  /// Reads the next entries.
  ///
  /// @param oldest the entries before it are needed by nobody
  /// @return whether there are more
  private boolean advance(long oldest) {
    List<JournalEntry> read;
    try {
      read = readNext();
    } catch (JournalException.Unusable e) {
      return broken(e.getMessage(), e instanceof JournalException.Newer, oldest);
    }
    for (JournalEntry entry : read) {
      try {
        take(entry);
      } catch (JournalException.Unusable e) {
        return broken(e.getMessage(), e instanceof JournalException.Newer, oldest);
      }
    }
    if (!read.isEmpty()) {
      return true;
    }
    OptionalLong later = journal.firstFrom(next);
    if (later.isEmpty()) {
      return false;
    }
    return later.getAsLong() == next
        || broken(
            "journal entry %d is missing, entry %d is there".formatted(next, later.getAsLong()),
            false,
            oldest);
  }

  private void take(JournalEntry entry) {
    long index = entry.tip().index();
    // First of all, to be known should the rest fail: it is told where the fault is.
    next = index;
    if (tip.isPresent()) {
      tip.get().after(entry);
    } else {
      begin(index);
    }
    EntryBody body = read(entry);
    if (body instanceof EntryBody.Records turn) {
      records += turn.records().size();
      if (stateIsKnown && index > begunAfter) {
        replay(index, turn);
      }
    }
    entries++;
    tip = Optional.of(entry.tip());
    next = index + 1;
    compare(entry.tip());
  }

  /// Where entries are taken up: with the state of the snapshot after this entry, or of a journal's
  /// beginning, or with none, until a snapshot is reached.
  private void begin(long index) {
    stateIsKnown = false;
    if (sound.containsKey(index)) {
      load(index);
    } else if (index == 1) {
      state = new ControlPlaneState();
      stateIsKnown = true;
      begunAfter = 0;
      start = "from the first entry";
    }
  }

  private void load(long index) {
    Optional<Snapshot> snapshot = snapshots.read(index);
    stateIsKnown = snapshot.isPresent();
    if (snapshot.isPresent()) {
      state = decode(snapshot.get());
      begunAfter = index;
      start = "from the snapshot after entry " + index;
    }
  }

  private void replay(long index, EntryBody.Records turn) {
    try {
      turn.records().forEach(each -> state.replay(each, ChangeListener.NONE));
    } catch (RuntimeException e) {
      throw new JournalException.Damaged(
          "journal entry %d does not fit the state before it: %s".formatted(index, e), e);
    }
  }

  /// At an entry after which there is a snapshot.
  private void compare(JournalTip reached) {
    Sound snapshot = sound.get(reached.index());
    if (snapshot == null) {
      return;
    }
    if (!snapshot.tip().equals(reached)) {
      fault(
          "journal entry %d is not the one that the snapshot after it names"
              .formatted(reached.index()),
          false);
    } else if (!stateIsKnown) {
      load(reached.index());
    } else if (!isSame(StateHash.of(state), snapshot.hash())) {
      fault(
          "the snapshot after entry %d holds another state than the journal gives"
              .formatted(reached.index()),
          false);
    }
  }

  private boolean isSame(StateHash given, StateHash held) {
    return given.withoutFormer() == held.withoutFormer()
        && (formerDiffers || given.former() == held.former());
  }

  private static EntryBody read(JournalEntry entry) {
    try {
      return EntryBody.read(entry.body());
    } catch (MalformedBytesException e) {
      throw JournalException.unreadable("journal entry " + entry.tip().index(), e);
    }
  }

  /// The row of entries breaks at [#next]: goes on behind it, from a snapshot.
  ///
  /// @return whether there is something to go on from
  private boolean broken(String what, boolean newer, long oldest) {
    if (next < oldest) {
      notes.add(what + "; it is behind the oldest snapshot and not needed");
    } else {
      fault(what, newer);
    }
    long at = next;
    OptionalLong from =
        sound.keySet().stream().mapToLong(Long::longValue).filter(index -> index > at).findFirst();
    if (from.isEmpty()) {
      stateIsKnown = false;
      brokenOff = true;
      return false;
    }
    tip = Optional.empty();
    stateIsKnown = false;
    next = from.getAsLong();
    return true;
  }

  private void fault(String what, boolean newer) {
    faults.add(new JournalReport.Fault(what, newer));
  }
}
