package io.weft.agent.fetch;

import io.weft.controlplane.api.PartitionBounds;
import io.weft.model.Extent;
import io.weft.model.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the tail index holds of one partition: its tail, while that is kept up to date, and the
/// fetches that wait for it. Guarded by the tail index's lock.
final class WatchedPartition {
  private final List<TailWait.Place> waiting = new ArrayList<>();

  /// Absent (null) before the baseline has come and after the stream has ended.
  private Tail tail;

  Optional<Tail> tail() {
    return Optional.ofNullable(tail);
  }

  boolean isAwaited() {
    return !waiting.isEmpty();
  }

  void await(TailWait.Place place) {
    waiting.add(place);
    if (tail != null) {
      place.see(tail);
    }
  }

  void leave(TailWait.Place place) {
    waiting.remove(place);
  }

  void begin(PartitionBounds bounds) {
    tell(Tail.at(bounds));
  }

  /// @return false if something is missing between what was known and this
  boolean advance(PartitionBounds bounds, List<Span> appended, TailSettings settings) {
    if (tail == null) {
      return true; // of a watch that has ended; the baseline of the new one is still to come
    }
    if (!tail.isFollowedBy(bounds, appended)) {
      return false;
    }
    tell(tail.advanced(bounds, appended, settings));
    return true;
  }

  /// There is nothing more to read for those that wait: they are not told.
  ///
  /// @return false if what these replace is not what was known
  boolean replace(List<Extent> extents, TailSettings settings) {
    if (tail == null) {
      return true; // as above
    }
    Optional<Tail> next = tail.replaced(extents, settings);
    next.ifPresent(replaced -> tail = replaced);
    return next.isPresent();
  }

  /// It is no longer kept up to date.
  void forget() {
    tail = null;
  }

  void wakeAll() {
    waiting.forEach(TailWait.Place::wakeAll);
  }

  private void tell(Tail next) {
    tail = next;
    waiting.forEach(place -> place.see(next));
  }
}
