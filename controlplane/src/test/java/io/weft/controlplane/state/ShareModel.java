package io.weft.controlplane.state;

import io.weft.controlplane.api.ShareGroups.AcknowledgeOutcome;
import io.weft.controlplane.api.ShareGroups.AcknowledgedRun;
import io.weft.controlplane.api.ShareGroups.AcquiredRun;
import java.util.ArrayList;
import java.util.List;

/// One share-partition kept record by record, as KIP-932 tells it. Owned by one thread.
final class ShareModel {
  private static final int DELIVERIES_MAX = 5;
  private static final int LOCKS_MAX = 2_000;
  private static final long LOCK_MS = 30_000;

  enum State {
    AVAILABLE,
    ACQUIRED,
    FINISHED
  }

  static final class Entry {
    State state = State.AVAILABLE;
    int deliveries;
    String member = "";
    long deadlineMs;
    int accepted;

    void settle() {
      state = deliveries >= DELIVERIES_MAX ? State.FINISHED : State.AVAILABLE;
    }
  }

  final List<Entry> entries = new ArrayList<>();

  /// Offsets from here on were never acquired, as far as the leader knows.
  int end;

  /// Offsets from here on were never settled.
  int settledEnd;

  int start() {
    int start = 0;
    while (start < entries.size() && entries.get(start).state == State.FINISHED) {
      start++;
    }
    return start;
  }

  void produce(int records) {
    for (int i = 0; i < records; i++) {
      entries.add(new Entry());
    }
  }

  /// The offset that must be acquired first, or -1 if nothing can be.
  int firstToAcquire() {
    for (int i = start(); i < end; i++) {
      if (entries.get(i).state == State.AVAILABLE) {
        return i;
      }
    }
    return end < entries.size() && unfinished() < LOCKS_MAX ? end : -1;
  }

  long unfinished() {
    return entries.subList(start(), end).stream().filter(e -> e.state != State.FINISHED).count();
  }

  /// Takes over what was acquired.
  ///
  /// @throws IllegalStateException if it was not available
  void acquired(String member, List<AcquiredRun> runs, int recordsMax, long nowMs) {
    int expected = firstToAcquire();
    if (recordsMax > 0 && expected >= 0) {
      require(!runs.isEmpty() && runs.getFirst().firstOffset() == expected, "not " + expected);
    } else {
      require(runs.isEmpty(), "acquired what is not there");
    }
    long count = 0;
    long before = -1;
    for (AcquiredRun run : runs) {
      require(run.firstOffset() > before, "not in order");
      before = run.lastOffset();
      for (int i = (int) run.firstOffset(); i <= run.lastOffset(); i++) {
        Entry entry = entries.get(i);
        require(entry.state == State.AVAILABLE, "not available: " + i);
        entry.state = State.ACQUIRED;
        entry.member = member;
        entry.deadlineMs = nowMs + LOCK_MS;
        entry.deliveries++;
        require(entry.deliveries == run.deliveries(), "deliveries of " + i);
        end = Math.max(end, i + 1);
        count++;
      }
    }
    require(count <= recordsMax, "too many");
    require(unfinished() <= LOCKS_MAX, "too many locks");
  }

  AcknowledgeOutcome acknowledge(String member, List<AcknowledgedRun> runs, long nowMs) {
    int start = start();
    for (AcknowledgedRun run : runs) {
      if (run.lastOffset() < start) {
        continue;
      }
      if (start == end) {
        return AcknowledgeOutcome.NOT_ACQUIRED;
      }
      if (run.lastOffset() >= end) {
        return AcknowledgeOutcome.NEVER_ACQUIRED;
      }
      for (int i = (int) Math.max(start, run.firstOffset()); i <= run.lastOffset(); i++) {
        Entry entry = entries.get(i);
        if (entry.state != State.ACQUIRED || !entry.member.equals(member)) {
          return AcknowledgeOutcome.NOT_ACQUIRED;
        }
      }
    }
    for (AcknowledgedRun run : runs) {
      for (int i = (int) Math.max(start, run.firstOffset()); i <= run.lastOffset(); i++) {
        settle(i, run, nowMs);
      }
    }
    return AcknowledgeOutcome.DONE;
  }

  void expire(long nowMs) {
    for (int i = 0; i < end; i++) {
      Entry entry = entries.get(i);
      if (entry.state == State.ACQUIRED && entry.deadlineMs <= nowMs) {
        entry.settle();
        settledEnd = Math.max(settledEnd, i + 1);
      }
    }
  }

  void release(String member) {
    for (int i = 0; i < end; i++) {
      Entry entry = entries.get(i);
      if (entry.state == State.ACQUIRED && entry.member.equals(member)) {
        entry.settle();
        settledEnd = Math.max(settledEnd, i + 1);
      }
    }
  }

  /// The leader's memory is gone.
  void failOver() {
    for (Entry entry : entries) {
      if (entry.state == State.ACQUIRED) {
        entry.state = State.AVAILABLE;
        entry.deliveries--;
      }
    }
    end = Math.max(start(), settledEnd);
  }

  private void settle(int offset, AcknowledgedRun run, long nowMs) {
    Entry entry = entries.get(offset);
    switch (run.kind()) {
      case ACCEPT -> {
        entry.state = State.FINISHED;
        entry.accepted++;
      }
      case GAP, REJECT -> entry.state = State.FINISHED;
      case RELEASE -> entry.settle();
      case RENEW -> entry.deadlineMs = nowMs + LOCK_MS;
      case UNDELIVERED -> {
        entry.state = State.AVAILABLE;
        entry.deliveries--;
      }
    }
    switch (run.kind()) {
      case GAP, ACCEPT, REJECT, RELEASE -> settledEnd = Math.max(settledEnd, offset + 1);
      case RENEW, UNDELIVERED -> {}
    }
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalStateException(message);
    }
  }
}
