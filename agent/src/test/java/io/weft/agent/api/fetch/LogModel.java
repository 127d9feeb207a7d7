package io.weft.agent.api.fetch;

import io.weft.agent.fetch.Isolation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;

/// One partition's log as Kafka has it: batches in a row, where transactions began and ended, and
/// where it begins. Written from Kafka's rules, without looking at how they are kept here.
final class LogModel {
  private final List<Batch> batches = new ArrayList<>();
  private final List<Aborted> aborted = new ArrayList<>();

  /// The first offset of each open transaction, by producer.
  private final Map<Long, Long> open = new TreeMap<>();

  private long start;
  private long end;

  /// @param next the offset after it
  record Batch(long base, long next, int bytes) {}

  private record Aborted(long producerId, long first, long marker) {}

  long start() {
    return start;
  }

  long end() {
    return end;
  }

  void append(int records, int bytes, long producerId) {
    if (producerId >= 0) {
      open.putIfAbsent(producerId, end);
    }
    batches.add(new Batch(end, end + records, bytes));
    end += records;
  }

  List<Long> openProducers() {
    return List.copyOf(open.keySet());
  }

  void finish(long producerId, boolean committed, int markerBytes) {
    long first = open.remove(producerId);
    if (!committed) {
      aborted.add(new Aborted(producerId, first, end));
    }
    batches.add(new Batch(end, end + 1, markerBytes));
    end++;
  }

  void deleteBefore(long offset) {
    start = offset;
  }

  long lastStable() {
    long first = open.values().stream().min(Long::compare).orElse(end);
    return Math.max(start, first);
  }

  boolean hasOffset(long offset) {
    return offset >= start && offset <= end;
  }

  long readableEnd(Isolation isolation) {
    return switch (isolation) {
      case READ_UNCOMMITTED -> end;
      case READ_COMMITTED -> lastStable();
    };
  }

  /// What a reader may see from an offset on, without limits: from the batch that holds it.
  List<Batch> readable(long offset, Isolation isolation) {
    long readableEnd = readableEnd(isolation);
    if (offset >= readableEnd) {
      return List.of();
    }
    return batches.stream()
        .filter(batch -> batch.next() > offset && batch.base() < readableEnd)
        .toList();
  }

  /// KIP-74: the whole batches that fit; the first one however large it is, if the request has got
  /// nothing yet.
  static List<Batch> limited(List<Batch> readable, long bytesMax, boolean oneAtLeast) {
    List<Batch> taken = new ArrayList<>();
    long bytes = 0;
    for (Batch batch : readable) {
      boolean isFree = oneAtLeast && taken.isEmpty();
      if (!isFree && bytes + batch.bytes() > bytesMax) {
        break;
      }
      taken.add(batch);
      bytes += batch.bytes();
    }
    return taken;
  }

  static long bytes(List<Batch> batches) {
    return batches.stream().mapToLong(Batch::bytes).sum();
  }

  /// By where they ended; null for a client that reads uncommitted records too.
  List<AbortedTransaction> abortedAmong(long offset, List<Batch> taken, Isolation isolation) {
    if (isolation == Isolation.READ_UNCOMMITTED) {
      return null;
    }
    long takenEnd = taken.isEmpty() ? offset : taken.getLast().next();
    return aborted.stream()
        .filter(range -> !taken.isEmpty() && range.marker >= offset && range.first < takenEnd)
        .map(
            range ->
                new AbortedTransaction()
                    .setProducerId(range.producerId)
                    .setFirstOffset(range.first))
        .toList();
  }
}
