package io.weft.simulation.queue;

import io.weft.simulation.client.Notes;
import io.weft.simulation.cluster.Cluster;
import io.weft.simulation.fault.Sight;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/// What the members of a share group know together: which records they were given, and which are
/// done with. Complains of a record that is given again after it was said to be done with, of one
/// that has another value the second time, and in the end of one that is neither done with nor
/// given up. Used by the threads of one world.
///
/// That two members are told that the same record is done with is no error by itself: once the
/// group's start has passed it, the member that held it before is told so, as Kafka does.
public final class QueueLedger {
  /// `share.delivery.count.limit`, by default.
  private static final int DELIVERIES_MAX = 5;

  private final Notes notes;
  private final Cluster cluster;
  private final Map<Place, Entry> entries = new HashMap<>();
  private long moment;
  private long lastGivenMs;
  private int lost;

  public QueueLedger(Cluster cluster, Notes notes) {
    this.cluster = cluster;
    this.notes = notes;
  }

  private record Place(TopicPartition partition, long offset) {}

  private static final class Entry {
    private final long value;
    private int deliveries;
    private int lostBefore;
    private long doneAt = Long.MAX_VALUE;
    private boolean perhapsDone;

    private Entry(long value) {
      this.value = value;
    }

    private boolean isDone() {
      return perhapsDone || doneAt != Long.MAX_VALUE;
    }
  }

  /// A number for the moment in which something is asked for.
  long moment() {
    return moment++;
  }

  /// @param deliveries of this record, this one among them, as the answer says
  /// @param askedAt when it was asked for
  void given(TopicPartition partition, long offset, long value, int deliveries, long askedAt) {
    lastGivenMs = cluster.world().nowMs();
    notes.saw(offset);
    Entry entry = entries.computeIfAbsent(new Place(partition, offset), _ -> new Entry(value));
    if (entry.value != value) {
      notes.complain("%s at %d was %d and is %d", partition, offset, entry.value, value);
    }
    if (entry.doneAt < askedAt) {
      notes.complain("%s at %d is given again, and was done with", partition, offset);
    }
    if (deliveries > DELIVERIES_MAX) {
      notes.complain("%s at %d is given for the %d. time", partition, offset, deliveries);
    }
    if (deliveries > 1) {
      cluster.weather().saw(Sight.QUEUE_GAVE_AGAIN);
    }
    entry.deliveries = deliveries;
    entry.lostBefore = lost;
  }

  /// A member was told that what it said of a record is taken.
  void done(TopicPartition partition, long offset) {
    Entry entry = entries.get(new Place(partition, offset));
    if (entry != null) {
      entry.doneAt = Math.min(entry.doneAt, moment++);
    }
  }

  /// A member does not know whether what it said is taken.
  void perhapsDone(TopicPartition partition, long offset) {
    Entry entry = entries.get(new Place(partition, offset));
    if (entry != null) {
      entry.perhapsDone = true;
    }
  }

  /// Records may have been given to somebody who was never told, or who died.
  void mayBeLost() {
    lost++;
  }

  public long quietMs() {
    return cluster.world().nowMs() - lastGivenMs;
  }

  /// After all members have come to the end: whatever was acknowledged to its producer is done
  /// with, or was given up.
  public void check(List<TopicPartition> partitions) {
    for (TopicPartition partition : partitions) {
      for (long offset = 0; offset <= notes.highestAcked(partition); offset++) {
        Entry entry = entries.get(new Place(partition, offset));
        int known = entry == null ? 0 : entry.deliveries;
        int unknown = entry == null ? lost : lost - entry.lostBefore;
        if (entry != null && entry.isDone()) {
          continue;
        }
        if (known + unknown < DELIVERIES_MAX) {
          notes.complain(
              "%s at %d was given %d times, perhaps %d times more, and is not done with",
              partition, offset, known, unknown);
          return;
        }
        cluster.weather().saw(Sight.QUEUE_GAVE_UP);
      }
    }
  }
}
