package io.weft.controlplane.journal;

import java.util.Optional;
import java.util.OptionalLong;

/// Numbered entries, each written at most once. Thread-safe; every call blocks.
///
/// Every method may throw [JournalException.Unavailable] (unknown outcome). A read sees every
/// append, and every truncation, that returned before it began. Callers append without gaps and
/// truncate only what no one needs; the journal itself checks neither.
public interface Journal {
  /// The most bytes of one entry: the records of the largest command there may be, several times
  /// over.
  int ENTRY_BYTES_MAX = 256 << 20;

  /// Writes the entry of an index unless there is one: of any number of concurrent callers exactly
  /// one is told `APPENDED`. Atomic, and durable on return.
  ///
  /// An index that was truncated counts as free: see [JournalWriter] for when the answer may be
  /// believed.
  AppendOutcome append(long index, byte[] entry);

  /// The entry of an index, or empty if it does not exist (yet, or any more).
  Optional<byte[]> read(long index);

  /// The lowest index that has an entry, at or after the given one; empty if there is none.
  OptionalLong firstFrom(long index);

  /// Removes the entries before an index, in any order. If it fails, some may be left: safe to ask
  /// again.
  void truncateBefore(long index);
}
