package io.weft.simulation.table;

import io.weft.simulation.client.Notes;
import io.weft.simulation.fault.Sight;
import io.weft.simulation.fault.Weather;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What the clients of a compacted topic know together: what was sent, and what was acknowledged at
/// which offset. Complains where the last value of a key is lost, where an older one is seen
/// without the tombstone behind it, and where a record has another offset than before. Used by the
/// threads of one world.
public final class TableLedger {
  /// How many records may be sent while a request that was given up is still on its way.
  private static final int LATE_MAX = 50;

  private final Notes notes;
  private final Weather weather;
  private final long deleteRetentionMs;

  /// By number.
  private final List<Sent> sent = new ArrayList<>();

  /// By offset: the number of what was acknowledged or seen there.
  private final TreeMap<Long, Integer> numbers = new TreeMap<>();

  /// By number: where it was acknowledged or seen.
  private final Map<Integer, Long> offsets = new HashMap<>();

  /// @param deleteRetentionMs of the topic
  public TableLedger(Notes notes, Weather weather, long deleteRetentionMs) {
    this.notes = notes;
    this.weather = weather;
    this.deleteRetentionMs = deleteRetentionMs;
  }

  private record Sent(int key, boolean tombstone) {}

  /// A record as a reader saw it.
  record Seen(int key, int number, boolean tombstone) {}

  /// @return its number
  int sends(int key, boolean tombstone) {
    sent.add(new Sent(key, tombstone));
    return sent.size() - 1;
  }

  void acked(int number, long offset) {
    notes.saw(offset);
    stands(number, offset);
  }

  /// @param seen from the log's start to its end, by offset
  /// @param end where the log ended
  /// @param tookMs from begin to end
  void read(SortedMap<Long, Seen> seen, long end, long tookMs) {
    seen.forEach(this::check);
    SortedMap<Long, Integer> before = numbers.headMap(end);
    Map<Integer, Long> last = new TreeMap<>();
    before.forEach((offset, number) -> last.put(sent.get(number).key(), offset));
    last.forEach((key, offset) -> check(key, offset, before.get(offset), seen, tookMs));
    if (!seen.keySet().containsAll(before.keySet())) {
      weather.saw(Sight.LOG_CLEANED);
    }
    notes.saw(seen.size());
  }

  private void check(long offset, Seen seen) {
    if (seen.number() < 0
        || seen.number() >= sent.size()
        || !sent.get(seen.number()).equals(new Sent(seen.key(), seen.tombstone()))) {
      notes.complain("the table at %d has what nobody sent: %s", offset, seen);
      return;
    }
    stands(seen.number(), offset);
  }

  private void stands(int number, long offset) {
    numbers.put(offset, number);
    long known = offsets.computeIfAbsent(number, _ -> offset);
    if (known != offset) {
      notes.complain("the table's record %d was at %d and is at %d", number, known, offset);
    }
  }

  private void check(int key, long offset, int number, SortedMap<Long, Seen> seen, long tookMs) {
    boolean later = seen.tailMap(offset).values().stream().anyMatch(each -> each.key() == key);
    boolean older = seen.headMap(offset).values().stream().anyMatch(each -> each.key() == key);
    if (later || mayBeDeletedUnknown(key, number)) {
      return;
    }
    if (!sent.get(number).tombstone()) {
      notes.complain("the table's last value of key %d, at %d, is lost", key, offset);
    } else if (older && tookMs < deleteRetentionMs) {
      notes.complain(
          "the table's key %d is seen before %d, where it was deleted, and its tombstone is not",
          key, offset);
    }
  }

  /// Whether a tombstone whose answer was lost, and that no reader came across, may stand behind
  /// the key's last known record, or has stood there until it was cleaned away.
  private boolean mayBeDeletedUnknown(int key, int last) {
    for (int number = Math.max(0, last - LATE_MAX); number < sent.size(); number++) {
      if (sent.get(number).equals(new Sent(key, true)) && !offsets.containsKey(number)) {
        return true;
      }
    }
    return false;
  }
}
