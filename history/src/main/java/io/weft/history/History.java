package io.weft.history;

import java.util.List;

/// Everything the clients of one run did.
///
/// @param ops by index, in the order of their invocations
public record History(List<Op> ops) {
  public History {
    ops = List.copyOf(ops);
    for (int i = 0; i < ops.size(); i++) {
      if (ops.get(i).index() != i) {
        throw new IllegalArgumentException("operation %s is number %d".formatted(ops.get(i), i));
      }
    }
  }

  public static History of(Iterable<Event> events) {
    HistoryBuilder builder = new HistoryBuilder();
    events.forEach(builder);
    return builder.history();
  }
}
