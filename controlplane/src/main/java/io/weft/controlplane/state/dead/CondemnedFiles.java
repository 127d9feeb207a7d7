package io.weft.controlplane.state.dead;

import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Shape;
import io.weft.controlplane.codec.shape.Shapes;
import io.weft.controlplane.state.dead.DeadFileRecord.FilesCondemned;
import io.weft.controlplane.state.dead.DeadFileRecord.FilesDeleted;
import io.weft.controlplane.state.file.FileLeases;
import io.weft.controlplane.state.file.FileRecord;
import io.weft.controlplane.state.file.FileRecord.FileCommitted;
import io.weft.controlplane.state.file.FileRecord.FileIdsExpired;
import io.weft.controlplane.state.file.FileRecord.FileIdsLeased;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.StatePart;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.controlplane.state.partition.LongTable;
import io.weft.model.Invariant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// The files that are to be deleted, in the order in which they were condemned. Owned by one
/// thread.
///
/// ```
/// a file:  committed ─no extent left─→ condemned ─deleted, its lease outstanding→ spent
/// an id:   leased ─lease expired, never committed→ condemned ─deleted→ gone
///                                             spent ─its lease expired→ gone
/// ```
///
/// A file that is condemned or spent is refused by a commit and by a replacement of extents; one
/// that is gone is too, since its lease is no more.
public final class CondemnedFiles implements StatePart {
  private static final int CONDEMNED_MS = 1;
  private static final Shape<Table> TABLE = Shapes.unlimited().of(Table.class);

  /// What stands in a snapshot.
  ///
  /// @param rows by time, then by id
  /// @param spent by id
  public record Table(List<Row> rows, List<FileRun> spent) {}

  /// @param timeMs when they were condemned
  public record Row(FileRun files, long timeMs) {}

  /// One file; ordered by time, then by id.
  public record Condemned(long timeMs, long fileId) implements Comparable<Condemned> {
    @Override
    public int compareTo(Condemned other) {
      int byTime = Long.compare(timeMs, other.timeMs);
      return byTime != 0 ? byTime : Long.compare(fileId, other.fileId);
    }
  }

  private final FileLeases leases;
  private final TreeSet<Condemned> queue = new TreeSet<>();
  private final LongTable byId = new LongTable(2);
  private final TreeSet<Long> spent = new TreeSet<>();

  public CondemnedFiles(FileLeases leases) {
    this.leases = leases;
  }

  /// How many wait to be deleted.
  public int count() {
    return queue.size();
  }

  /// Whether it waits to be deleted.
  public boolean holds(long fileId) {
    return byId.find(fileId) >= 0;
  }

  /// Whether a file of this id can never become part of a log (again).
  public boolean refuses(long fileId) {
    return isDead(fileId) || leases.isVoid(fileId);
  }

  /// Whether a file of this id was condemned, as far as that is not known from its lease.
  public boolean isDead(long fileId) {
    return holds(fileId) || spent.contains(fileId);
  }

  /// The file condemned first of those after this one.
  public Optional<Condemned> after(Condemned before) {
    return Optional.ofNullable(queue.higher(before));
  }

  @Override
  public void replay(StateRecord record, ChangeListener changes) {
    switch (record) {
      case DeadFileRecord own -> replay(own);
      case FileRecord ofLeases -> replay(ofLeases);
      default -> throw new IllegalStateException("not heard: " + record);
    }
  }

  private void replay(DeadFileRecord record) {
    switch (record) {
      case FilesCondemned(var files, long timeMs) ->
          files.forEach(run -> run.each(id -> add(id, timeMs)));
      case FilesDeleted(var files) -> files.forEach(run -> run.each(this::remove));
    }
  }

  private void replay(FileRecord record) {
    switch (record) {
      case FileIdsLeased leased -> {}
      case FileCommitted(_, _, _, var file, _) ->
          Invariant.check(!isDead(file.fileId()), "file %d is dead", file.fileId());
      case FileIdsExpired(long first, _) -> {
        // The leases have replayed it: from its first id on, no id of it is leased any more.
        Long id = spent.ceiling(first);
        while (id != null && !leases.isOutstanding(id)) {
          spent.remove(id);
          id = spent.higher(id);
        }
      }
    }
  }

  private void add(long fileId, long timeMs) {
    Invariant.check(!isDead(fileId), "file %d is condemned twice", fileId);
    byId.set(byId.add(fileId), CONDEMNED_MS, timeMs);
    queue.add(new Condemned(timeMs, fileId));
  }

  private void remove(long fileId) {
    int row = byId.find(fileId);
    Invariant.check(row >= 0, "file %d is deleted and was not condemned", fileId);
    queue.remove(new Condemned(byId.get(row, CONDEMNED_MS), fileId));
    byId.remove(row);
    if (leases.isOutstanding(fileId)) {
      spent.add(fileId);
    }
  }

  @Override
  public void write(WireWriter out) {
    if (out.level() > Levels.FIRST) {
      TABLE.write(new Table(rows(), FileRun.of(spent)), out);
    }
  }

  private List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    List<Long> ids = new ArrayList<>();
    long timeMs = 0;
    for (Condemned each : queue) {
      if (each.timeMs() != timeMs) {
        addRows(ids, timeMs, rows);
        ids.clear();
      }
      timeMs = each.timeMs();
      ids.add(each.fileId());
    }
    addRows(ids, timeMs, rows);
    return rows;
  }

  private static void addRows(List<Long> ids, long timeMs, List<Row> rows) {
    FileRun.of(ids).forEach(run -> rows.add(new Row(run, timeMs)));
  }

  @Override
  public void read(WireReader in) {
    if (in.level() > Levels.FIRST) {
      Table table = TABLE.read(in);
      table.rows().forEach(row -> row.files().each(id -> add(id, row.timeMs())));
      table.spent().forEach(run -> run.each(spent::add));
    }
  }
}
