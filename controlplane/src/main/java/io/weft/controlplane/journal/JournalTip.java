package io.weft.controlplane.journal;

/// A place in the journal: the last entry that was read or written, and what the next must fit.
///
/// @param index of the last entry; the first ever is 1
/// @param epoch of the leader that wrote it
/// @param writer of it: one epoch has one writer
/// @param timeMs of the entry
/// @param crc of the entry, which the next one names
public record JournalTip(long index, long epoch, long writer, long timeMs, int crc) {
  /// Before the first entry.
  public static final JournalTip START = new JournalTip(0, 0, 0, 0, 0);

  /// The tip after one more entry.
  ///
  /// @throws JournalException.Damaged if it does not follow: it is of another history
  public JournalTip after(JournalEntry entry) {
    JournalTip next = entry.tip();
    boolean sameTerm = next.epoch == epoch && next.writer == writer;
    boolean nextTerm = next.epoch == epoch + 1 && next.writer != writer;
    if (next.index != index + 1
        || entry.previousCrc() != crc
        || next.timeMs < timeMs
        || !(sameTerm || nextTerm)) {
      throw new JournalException.Damaged(
          "journal entry %d (epoch %d) does not follow entry %d (epoch %d)"
              .formatted(next.index, next.epoch, index, epoch));
    }
    return next;
  }
}
