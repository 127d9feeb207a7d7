package io.weft.server.chaos;

import static java.util.stream.Collectors.toSet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Compares what was acknowledged with what can be read. Owned by one thread.
final class Audit {
  private static final int VIOLATIONS_MAX = 30;

  private final List<String> violations = new ArrayList<>();

  /// What was found, each in a sentence; empty if all is well. There may be more than are listed.
  List<String> violations() {
    return violations;
  }

  /// Every record is where its writer was told, no writer was refused anything, and of each writer
  /// each partition has rising numbers: nothing lost, doubled or out of order.
  ///
  /// A duplicate that is older than what is remembered of its producer is acknowledged without an
  /// offset: then the record must be in its partition once, wherever.
  void written(List<Writer> writers, LogCopy log, int partitionCount) {
    List<Set<Payload>> there = new ArrayList<>();
    for (int partition = 0; partition < partitionCount; partition++) {
      rising(partition, log.log(partition));
      there.add(log.log(partition).stream().map(LogCopy.Entry::payload).collect(toSet()));
    }
    long sent = 0;
    for (Writer writer : writers) {
      sent += writer.sent();
      writer.failures().forEach(this::add);
      writer
          .acked()
          .forEach(
              (sequence, placed) -> {
                Payload payload = new Payload(writer.number(), sequence);
                if (!there.get(placed.partition()).contains(payload)) {
                  add("lost, though acknowledged at %s: %s".formatted(placed, payload));
                } else if (placed.offset() >= 0) {
                  checkPlace(payload, placed, log);
                }
              });
    }
    if (violations.isEmpty() && log.records() != sent) {
      add("%d records were sent and %d are there".formatted(sent, log.records()));
    }
  }

  /// Both consumers were given the same, as far as the shorter one goes.
  ///
  /// @param whole whether the first must have as much as the second
  void same(String name, LogCopy copy, LogCopy reference, int partitionCount, boolean whole) {
    copy.problems().forEach(problem -> add(name + ": " + problem));
    for (int partition = 0; partition < partitionCount; partition++) {
      List<LogCopy.Entry> mine = copy.log(partition);
      List<LogCopy.Entry> other = reference.log(partition);
      if (mine.size() > other.size() || (whole && mine.size() != other.size())) {
        add(
            "%s: partition %d has %d records and not %d"
                .formatted(name, partition, mine.size(), other.size()));
      }
      for (int i = 0; i < Math.min(mine.size(), other.size()); i++) {
        if (!mine.get(i).equals(other.get(i))) {
          add(
              "%s: partition %d, offset %d: %s, elsewhere %s"
                  .formatted(name, partition, i, mine.get(i), other.get(i)));
        }
      }
    }
  }

  void add(String violation) {
    if (violations.size() < VIOLATIONS_MAX) {
      violations.add(violation);
    }
  }

  private void checkPlace(Payload payload, Writer.Placed placed, LogCopy log) {
    List<LogCopy.Entry> entries = log.log(placed.partition());
    if (placed.offset() >= entries.size()) {
      add("%s was acknowledged beyond the end, at %s".formatted(payload, placed));
      return;
    }
    Payload found = entries.get((int) placed.offset()).payload();
    if (!found.equals(payload)) {
      add("%s was acknowledged at %s, where %s is".formatted(payload, placed, found));
    }
  }

  private void rising(int partition, List<LogCopy.Entry> entries) {
    Map<Integer, Integer> last = new HashMap<>();
    for (int offset = 0; offset < entries.size(); offset++) {
      Payload payload = entries.get(offset).payload();
      Integer before = last.put(payload.writer(), payload.sequence());
      if (before != null && before >= payload.sequence()) {
        add(
            "partition %d, offset %d: %s comes after record %d of that writer"
                .formatted(partition, offset, payload, before));
      }
    }
  }
}
