package io.weft.storage.object;

/// The calls of [ObjectStore], to count or to disturb them one by one.
public enum ObjectOperation {
  PUT,
  PUT_IF_ABSENT,
  READ,
  READ_ALL,
  STAT,
  LIST,
  DELETE;

  /// Whether it can leave something changed behind.
  public boolean changes() {
    return switch (this) {
      case PUT, PUT_IF_ABSENT, DELETE -> true;
      case READ, READ_ALL, STAT, LIST -> false;
    };
  }
}
