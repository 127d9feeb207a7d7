package io.weft.agent.neighbour;

/// A range of a file that one agent asks another for.
///
/// @param heldOnly only if it is in the other's memory already
/// @param withFooter with what the file says of itself
public record RangeAsked(
    long fileId, long position, int length, boolean heldOnly, boolean withFooter) {
  /// Bytes of one range, at most.
  public static final int LENGTH_MAX = 4 << 20;

  /// No file reaches so far, and the numbers of chunks do.
  static final long POSITION_MAX = 1L << 43;

  public RangeAsked {
    if (fileId < 0 || position < 0 || position > POSITION_MAX) {
      throw new IllegalArgumentException("file %d from byte %d on".formatted(fileId, position));
    }
    if (length < 1 || length > LENGTH_MAX) {
      throw new IllegalArgumentException(
          "a range of %d bytes, 1 to %d are allowed".formatted(length, LENGTH_MAX));
    }
  }
}
