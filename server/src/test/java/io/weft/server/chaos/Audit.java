package io.weft.server.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
  void written(List<Writer> writers, LogCopy log, int partitionCount) {
    long sent = 0;
    for (Writer writer : writers) {
      sent += writer.sent();
      writer.failures().forEach(this::add);
      writer.acked().forEach((sequence, placed) -> placed(writer.number(), sequence, placed, log));
    }
    if (violations.isEmpty() && log.records() != sent) {
      add("%d records were sent and %d are there".formatted(sent, log.records()));
    }
    for (int partition = 0; partition < partitionCount; partition++) {
      rising(partition, log.log(partition));
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

  private void placed(int writer, int sequence, Writer.Placed placed, LogCopy log) {
    List<LogCopy.Entry> entries = log.log(placed.partition());
    if (placed.offset() < 0 || placed.offset() >= entries.size()) {
      add("writer %d, record %d is lost: %s".formatted(writer, sequence, placed));
      return;
    }
    Payload there = entries.get((int) placed.offset()).payload();
    if (!there.equals(new Payload(writer, sequence))) {
      add("writer %d, record %d is not at %s: %s".formatted(writer, sequence, placed, there));
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
