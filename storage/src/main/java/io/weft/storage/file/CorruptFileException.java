package io.weft.storage.file;

/// Bytes that came from the store whole and in good order, but are no file of ours, or no longer
/// what was written. Reading again from the store may help once (a cache may have lied); after that
/// an operator has to look.
public final class CorruptFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param where the object's key, or the extent
  /// @param position the byte in the file where the damage shows
  CorruptFileException(String where, long position, String what) {
    super("%s is damaged at byte %d: %s".formatted(where, position, what));
  }
}
