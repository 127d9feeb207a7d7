package io.weft.server.chaos;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// What a reader was given of a topic: for every offset, the process that wrote it and when. Owned
/// by one thread at a time.
///
/// Every record must be, byte by byte, what its writer sent.
final class LogCopy {
  private static final int PROBLEMS_MAX = 20;

  private final List<Partition> partitions;
  private final List<String> problems = new ArrayList<>();

  LogCopy(int partitionCount) {
    this.partitions = IntStream.range(0, partitionCount).mapToObj(_ -> new Partition()).toList();
  }

  /// Two numbers for every offset; `next` is the first that is not there, or not yet.
  private static final class Partition {
    private static final long MISSING = -1;

    private long[] payloads = new long[1 << 10];
    private long[] timestampsMs = new long[1 << 10];
    private int next;

    private Partition() {
      Arrays.fill(payloads, MISSING);
    }

    private void put(int offset, long payload, long timestampMs) {
      int before = payloads.length;
      if (offset >= before) {
        int after = Math.max(2 * before, offset + 1);
        payloads = Arrays.copyOf(payloads, after);
        timestampsMs = Arrays.copyOf(timestampsMs, after);
        Arrays.fill(payloads, before, after, MISSING);
      }
      payloads[offset] = payload;
      timestampsMs[offset] = timestampMs;
      while (next < payloads.length && payloads[next] != MISSING) {
        next++;
      }
    }
  }

  /// Records of a partition may come in any order, each once.
  void add(int partition, long offset, byte[] value, long timestampMs) {
    Partition log = partitions.get(partition);
    Payload payload = Payload.of(value);
    if (offset < log.next) {
      problem("partition %d gave offset %d again".formatted(partition, offset));
    }
    if (!Arrays.equals(value, payload.toBytes())) {
      problem("partition %d, offset %d: not the bytes that were sent".formatted(partition, offset));
    }
    log.put((int) offset, payload.toLong(), timestampMs);
  }

  void problem(String text) {
    if (problems.size() < PROBLEMS_MAX) {
      problems.add(text);
    }
  }

  /// The first offset that is not there.
  long next(int partition) {
    return partitions.get(partition).next;
  }

  long records() {
    return partitions.stream().mapToLong(log -> log.next).sum();
  }

  /// What was wrong with a record by itself.
  List<String> problems() {
    return problems;
  }

  /// Where this one is not the same as another, which has everything.
  List<String> differences(LogCopy whole) {
    List<String> found = new ArrayList<>();
    for (int partition = 0; partition < partitions.size(); partition++) {
      Partition mine = partitions.get(partition);
      Partition other = whole.partitions.get(partition);
      if (mine.next != other.next) {
        found.add(
            "partition %d has the offsets below %d and not %d"
                .formatted(partition, mine.next, other.next));
      }
      for (int i = 0; i < Math.min(mine.next, other.next); i++) {
        if (found.size() < PROBLEMS_MAX
            && (mine.payloads[i] != other.payloads[i]
                || mine.timestampsMs[i] != other.timestampsMs[i])) {
          found.add(
              "partition %d, offset %d: %s of %d, elsewhere %s of %d"
                  .formatted(
                      partition,
                      i,
                      Payload.of(mine.payloads[i]),
                      mine.timestampsMs[i],
                      Payload.of(other.payloads[i]),
                      other.timestampsMs[i]));
        }
      }
    }
    return found;
  }
}
