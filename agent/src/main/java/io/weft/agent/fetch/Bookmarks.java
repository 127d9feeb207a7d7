package io.weft.agent.fetch;

import io.weft.agent.fetch.Located.Place;
import io.weft.model.Extent;
import java.util.LinkedHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// Where readers stopped inside extents, so that the next fetch of the same reader does not walk
/// the extent's batches from its beginning. Thread-safe.
///
/// A bookmark is true for ever: files never change and their ids are never used again. Forgetting
/// one costs a walk.
final class Bookmarks {
  private final int countMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final LinkedHashMap<Key, Integer> skips = new LinkedHashMap<>();

  /// The base offset is part of it, since compaction may place the same bytes anew.
  private record Key(long fileId, long position, long baseOffset, long offset) {}

  Bookmarks(int countMax) {
    this.countMax = countMax;
  }

  /// Notes that the batch of this extent with this base offset, or the first one after it, begins
  /// after `skip` bytes.
  void put(Extent extent, Place place) {
    if (place.skip() == 0 || place.skip() >= extent.length()) {
      return;
    }
    lock.lock();
    try {
      skips.putLast(key(extent, place.offset()), place.skip());
      if (skips.size() > countMax) {
        skips.pollFirstEntry();
      }
    } finally {
      lock.unlock();
    }
  }

  /// The best known place at or before an offset of this extent.
  Place find(Extent extent, long offset) {
    lock.lock();
    try {
      Integer skip = skips.get(key(extent, offset));
      return skip == null ? Place.beginningOf(extent) : new Place(skip, offset);
    } finally {
      lock.unlock();
    }
  }

  private static Key key(Extent extent, long offset) {
    return new Key(extent.fileId(), extent.position(), extent.baseOffset(), offset);
  }
}
