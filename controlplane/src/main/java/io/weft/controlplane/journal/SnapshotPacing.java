package io.weft.controlplane.journal;

/// When the next snapshot is due. Owned by one thread, or guarded by its owner's lock.
///
/// A snapshot costs what it weighs, and what it saves is the reading of the entries behind it. So
/// it comes after a number of entries or of bytes ([Every]), but never before the journal has grown
/// by [#GROWTH] times the last snapshot's bytes, an entry counted with [#ENTRY_COST_BYTES] at
/// least: reading one takes a request, however small it is. Thus all snapshots together are at most
/// half of what the journal so counted is, and reading what is behind one costs a few times what
/// reading it costs, at any size.
public final class SnapshotPacing {
  /// How many bytes of the journal pay for one byte of a snapshot.
  static final int GROWTH = 2;

  /// What an entry counts at least. To fetch one, among others, takes as long as to fetch so many
  /// more bytes of a snapshot, more or less.
  static final int ENTRY_COST_BYTES = 16 << 10;

  private Mark written = Mark.NONE;
  private long snapshotBytes;

  /// How many entries, or bytes of entries, there are between two snapshots at least.
  public record Every(long entries, long bytes) {}

  /// What had been written of the journal at some time, behind the last snapshot.
  ///
  /// @param cost bytes, each entry counted with what it costs at least
  public record Mark(long entries, long bytes, long cost) {
    static final Mark NONE = new Mark(0, 0, 0);
  }

  /// @param bytes of the state in the last snapshot; 0 if there is none
  public SnapshotPacing(long bytes) {
    this.snapshotBytes = bytes;
  }

  /// One more entry is in the journal.
  public void wrote(int entryBytes) {
    written =
        new Mark(
            written.entries() + 1,
            written.bytes() + entryBytes,
            written.cost() + Math.max(entryBytes, ENTRY_COST_BYTES));
  }

  public boolean isDue(Every every) {
    return (written.entries() >= every.entries() || written.bytes() >= every.bytes())
        && written.cost() >= GROWTH * snapshotBytes;
  }

  /// What a snapshot that is taken now holds.
  public Mark mark() {
    return written;
  }

  /// The snapshot that was begun at `mark` has been taken.
  ///
  /// @param bytes of its state
  public void taken(Mark mark, long bytes) {
    written =
        new Mark(
            written.entries() - mark.entries(),
            written.bytes() - mark.bytes(),
            written.cost() - mark.cost());
    snapshotBytes = bytes;
  }
}
