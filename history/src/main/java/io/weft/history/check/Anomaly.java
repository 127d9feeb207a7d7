package io.weft.history.check;

import java.util.List;

/// One thing that should not be.
///
/// @param key where; empty if in several
/// @param offsets which of that key; may be empty
/// @param ops the indexes of the operations that show it
/// @param sentence what it is
public record Anomaly(
    Kind kind, String key, List<Long> offsets, List<Integer> ops, String sentence) {
  public Anomaly {
    offsets = List.copyOf(offsets);
    ops = List.copyOf(ops);
  }

  @Override
  public String toString() {
    return "%s: %s (operations %s)".formatted(kind.label(), sentence, ops);
  }
}
