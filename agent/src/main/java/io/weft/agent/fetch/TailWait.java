package io.weft.agent.fetch;

import io.weft.environment.Pending;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.List;

/// One fetch that waits for more bytes of some partitions. Guarded by the tail index's lock, but
/// for [#woken()], which is thread-safe.
///
/// It counts what comes and wakes only when that is enough: a consumer with a large minimum costs
/// one wake-up, not one per commit.
final class TailWait {
  private final Isolation isolation;
  private final long bytesMissing;
  private final Pending<Boolean> woken = new Pending<>();
  private final List<Place> places = new ArrayList<>();
  private long bytesSeen;

  /// @param bytesMissing how many more bytes are enough
  TailWait(Isolation isolation, long bytesMissing) {
    this.isolation = isolation;
    this.bytesMissing = bytesMissing;
  }

  /// A partition that is waited for.
  ///
  /// @param knownEnd up to here the fetch has counted already
  /// @param bytesMax what one fetch takes of it, at most
  record Awaited(PartitionId partition, long knownEnd, int bytesMax) {}

  Pending<Boolean> woken() {
    return woken;
  }

  List<Place> places() {
    return places;
  }

  Place join(WatchedPartition partition, Awaited awaited) {
    Place place = new Place(partition, awaited);
    places.add(place);
    return place;
  }

  void wake() {
    woken.complete(true);
  }

  /// This wait's stand at one partition.
  final class Place {
    private final WatchedPartition partition;
    private final Awaited awaited;
    private long bytesSeenHere;

    private Place(WatchedPartition partition, Awaited awaited) {
      this.partition = partition;
      this.awaited = awaited;
    }

    WatchedPartition partition() {
      return partition;
    }

    void wakeAll() {
      wake();
    }

    void see(Tail tail) {
      long end = isolation.end(tail.bounds());
      if (end <= awaited.knownEnd()) {
        return;
      }
      if (tail.windowStart() > awaited.knownEnd()) {
        wake(); // how much it is cannot be said from here
        return;
      }
      long bytes = Math.min(awaited.bytesMax(), tail.bytesBetween(awaited.knownEnd(), end));
      bytesSeen += bytes - bytesSeenHere;
      bytesSeenHere = bytes;
      if (bytesSeen >= bytesMissing) {
        wake();
      }
    }
  }
}
