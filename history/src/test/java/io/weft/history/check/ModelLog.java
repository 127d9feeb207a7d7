package io.weft.history.check;

import java.util.ArrayList;
import java.util.List;

/// A correct log of one key, as a model: every record has its offset, an open transaction holds
/// back its readers, what was aborted is passed over. Owned by one thread.
final class ModelLog {
  private final String key;
  private final List<Entry> entries = new ArrayList<>();
  private long next;

  ModelLog(String key, long first) {
    this.key = key;
    this.next = first;
  }

  enum State {
    OPEN,
    VISIBLE,
    ABORTED
  }

  /// A record and what became of it.
  static final class Entry {
    private final long offset;
    private final long value;
    private State state;

    private Entry(long offset, long value, State state) {
      this.offset = offset;
      this.value = value;
      this.state = state;
    }

    long offset() {
      return offset;
    }

    long value() {
      return value;
    }

    void end(State ended) {
      state = ended;
    }
  }

  String key() {
    return key;
  }

  Entry append(long value, State state) {
    Entry entry = new Entry(next++, value, state);
    entries.add(entry);
    return entry;
  }

  /// Offsets without a record, as markers of transactions and compaction leave them.
  void leaveOut(int count) {
    next += count;
  }

  /// Where a reader from the beginning begins.
  long start() {
    return entries.isEmpty() ? next : entries.getFirst().offset;
  }

  /// What a reader at an offset is given, at most so many.
  List<Entry> from(long offset, int max) {
    List<Entry> found = new ArrayList<>();
    for (int i = lowest(offset); i < entries.size() && found.size() < max; i++) {
      Entry entry = entries.get(i);
      if (entry.state == State.OPEN) {
        break;
      }
      if (entry.state == State.VISIBLE) {
        found.add(entry);
      }
    }
    return found;
  }

  private int lowest(long offset) {
    int low = 0;
    int high = entries.size();
    while (low < high) {
      int middle = (low + high) / 2;
      if (entries.get(middle).offset < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
