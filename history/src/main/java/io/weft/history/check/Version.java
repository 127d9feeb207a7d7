package io.weft.history.check;

/// A value of a key: the operation that sent it, those that read it, and where it lies. Owned by
/// one thread.
final class Version {
  static final int NOBODY = -1;
  static final long NOWHERE = -1;

  private final long value;
  private int writer = NOBODY;
  private int reader = NOBODY;
  private long first = NOWHERE;
  private long last = NOWHERE;

  Version(long value) {
    this.value = value;
  }

  long value() {
    return value;
  }

  /// The operation that sent it, or [#NOBODY].
  int writer() {
    return writer;
  }

  /// The first OK operation that read it, or [#NOBODY].
  int reader() {
    return reader;
  }

  /// Its lowest offset, or [#NOWHERE].
  long first() {
    return first;
  }

  /// Its highest offset, or [#NOWHERE].
  long last() {
    return last;
  }

  boolean isRead() {
    return reader != NOBODY;
  }

  boolean isPlaced() {
    return first != NOWHERE;
  }

  void writtenBy(int op) {
    writer = op;
  }

  void readBy(int op) {
    if (reader == NOBODY) {
      reader = op;
    }
  }

  void placedAt(long offset) {
    first = first == NOWHERE ? offset : Math.min(first, offset);
    last = Math.max(last, offset);
  }
}
