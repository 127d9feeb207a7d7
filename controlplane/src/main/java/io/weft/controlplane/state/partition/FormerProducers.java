package io.weft.controlplane.state.partition;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// What deleted topics knew of their idempotent producers, by the name that another topic may have
/// now. Owned by one thread.
///
/// A producer does not notice that its topic was deleted and made anew: its sequences go on. In a
/// new topic they cannot be told from those of a producer whose first batch is still on the way,
/// which must not be overtaken, but by what the old topic knew.
///
/// The topics deleted longest ago are forgotten first, and producers with time as they are in the
/// partitions that are there.
public final class FormerProducers {
  /// Producers and partitions remembered, at most.
  public static final int ROWS_MAX = 100_000;

  /// In the order in which the topics were deleted.
  private final Map<String, NavigableMap<Integer, ProducerWindows>> byName = new LinkedHashMap<>();

  private int rows;
  private boolean complete = true;

  /// What is known of one partition's name. Good until the next change.
  public static final class OfPartition {
    public static final OfPartition NONE = new OfPartition(new ProducerWindows());

    private final ProducerWindows windows;

    private OfPartition(ProducerWindows windows) {
      this.windows = windows;
    }

    /// Whether a producer that is new to the partition of now may begin with this sequence: because
    /// it goes on from what it placed in the former one, or sends again what it placed there
    /// without having heard of it.
    boolean leadUpTo(long producerId, short epoch, int baseSequence) {
      int row = windows.find(producerId);
      return row < 0
          ? windows.mayBeForgotten(producerId)
          : windows.isAhead(row, epoch, baseSequence) || windows.begins(row, epoch, baseSequence);
    }
  }

  public OfPartition find(String topic, int partition) {
    Map<Integer, ProducerWindows> partitions = byName.get(topic);
    ProducerWindows windows = partitions == null ? null : partitions.get(partition);
    return windows == null ? OfPartition.NONE : new OfPartition(windows);
  }

  /// A topic is deleted. What one of its name knew before it is kept where it knew nothing newer.
  ///
  /// @param logs of its partitions, in order
  public void retire(String topic, PartitionLog[] logs) {
    NavigableMap<Integer, ProducerWindows> partitions = new TreeMap<>();
    for (int i = 0; i < logs.length; i++) {
      if (!logs[i].producers().isBlank()) {
        ProducerWindows windows = new ProducerWindows();
        windows.addUnknown(logs[i].producers());
        partitions.put(i, windows);
      }
    }
    forget(topic)
        .forEach(
            (partition, windows) ->
                partitions
                    .computeIfAbsent(partition, _ -> new ProducerWindows())
                    .addUnknown(windows));
    if (!partitions.isEmpty()) {
      put(topic, partitions);
      trim(topic);
    }
  }

  public boolean anyUnusedSince(long timeMs) {
    return byName.values().stream()
        .flatMap(partitions -> partitions.values().stream())
        .anyMatch(windows -> windows.anyUnusedSince(timeMs, OpenTransactions.NONE));
  }

  public void removeUnusedSince(long timeMs) {
    for (NavigableMap<Integer, ProducerWindows> partitions : byName.values()) {
      for (ProducerWindows windows : partitions.values()) {
        rows -= windows.size();
        windows.removeUnusedSince(timeMs, OpenTransactions.NONE);
        rows += windows.size();
      }
    }
  }

  /// Bytes: count, per topic (by deletion) name, count of partitions, per partition (by number)
  /// partition, producers; all numbers of variable length.
  public void write(WireWriter out) {
    out.writeVarInt(byName.size());
    byName.forEach(
        (topic, partitions) -> {
          out.writeString(topic);
          out.writeVarInt(partitions.size());
          partitions.forEach(
              (partition, windows) -> {
                out.writeVarInt(partition);
                windows.write(out);
              });
        });
  }

  public void read(WireReader in) {
    int topics = in.readCount(4);
    for (int i = 0; i < topics; i++) {
      String topic = in.readString();
      NavigableMap<Integer, ProducerWindows> partitions = new TreeMap<>();
      int count = in.readCount(3);
      for (int one = 0; one < count; one++) {
        partitions.put(in.readVarInt(), ProducerWindows.read(in));
      }
      if (byName.containsKey(topic) || partitions.size() != count || count == 0) {
        throw new MalformedBytesException(
            "a deleted topic, its partition twice or never: " + topic);
      }
      put(topic, partitions);
    }
    if (rows > ROWS_MAX) {
      throw new MalformedBytesException("%d producers of deleted topics".formatted(rows));
    }
  }

  /// What came before is in no snapshot.
  public void beginUnknown() {
    complete = false;
  }

  /// Whether it was not begun in the middle ([#beginUnknown]).
  public boolean isComplete() {
    return complete;
  }

  private void put(String topic, NavigableMap<Integer, ProducerWindows> partitions) {
    byName.put(topic, partitions);
    rows += rows(partitions);
  }

  private NavigableMap<Integer, ProducerWindows> forget(String topic) {
    NavigableMap<Integer, ProducerWindows> partitions = byName.remove(topic);
    if (partitions == null) {
      return new TreeMap<>();
    }
    rows -= rows(partitions);
    return partitions;
  }

  /// @param last the topic deleted last: its first partitions stay even if it alone has too many
  private void trim(String last) {
    Iterator<NavigableMap<Integer, ProducerWindows>> oldest = byName.values().iterator();
    while (rows > ROWS_MAX && byName.size() > 1) {
      rows -= rows(oldest.next());
      oldest.remove();
    }
    NavigableMap<Integer, ProducerWindows> partitions = byName.get(last);
    while (rows > ROWS_MAX) {
      rows -= 1 + partitions.pollLastEntry().getValue().size();
    }
    if (partitions.isEmpty()) {
      byName.remove(last);
    }
  }

  private static int rows(NavigableMap<Integer, ProducerWindows> partitions) {
    return partitions.values().stream().mapToInt(windows -> 1 + windows.size()).sum();
  }
}
