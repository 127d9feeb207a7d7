package io.weft.model;

/// A stretch of one partition's offsets: a log is its spans in offset order, without a hole.
public sealed interface Span permits Extent, Marker {
  long baseOffset();

  /// Inclusive.
  long lastOffset();

  /// Bytes it brings to an answer that holds all of it.
  int length();

  /// The largest timestamp of its records, or -1 where none has one.
  long maxTimestampMs();
}
