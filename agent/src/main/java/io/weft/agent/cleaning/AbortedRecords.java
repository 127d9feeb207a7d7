package io.weft.agent.cleaning;

import io.weft.model.AbortedRange;
import io.weft.protocol.cleaning.BatchCleaner;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Which transactional batches were aborted. Immutable.
final class AbortedRecords implements BatchCleaner.Aborted {
  /// By producer, by first offset: the transaction's marker.
  private final Map<Long, TreeMap<Long, Long>> markers = new HashMap<>();

  /// @param ranges of one partition, in any order
  AbortedRecords(List<AbortedRange> ranges) {
    for (AbortedRange range : ranges) {
      markers
          .computeIfAbsent(range.producerId(), _ -> new TreeMap<>())
          .put(range.firstOffset(), range.markerOffset());
    }
  }

  /// Whether a transactional batch of this producer at this offset was aborted.
  @Override
  public boolean hold(long producerId, long offset) {
    TreeMap<Long, Long> ofProducer = markers.get(producerId);
    if (ofProducer == null) {
      return false;
    }
    Map.Entry<Long, Long> last = ofProducer.floorEntry(offset);
    return last != null && offset < last.getValue();
  }
}
