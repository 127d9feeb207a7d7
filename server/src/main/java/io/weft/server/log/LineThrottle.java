package io.weft.server.log;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;

/// Lets only so many lines of a kind through in a minute, and counts the others. Thread-safe.
final class LineThrottle {
  static final long WINDOW_MS = 60_000;

  /// Beyond so many kinds the oldest are forgotten.
  static final int KINDS_MAX = 1_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final SequencedMap<String, Window> windows = new LinkedHashMap<>();

  private static final class Window {
    private final long beganMs;
    private int shown;
    private long hidden;

    Window(long beganMs) {
      this.beganMs = beganMs;
    }
  }

  /// How many lines of a kind were not shown.
  record Hidden(String kind, long lines) {}

  /// Whether one more line of a kind is shown now.
  boolean shows(String kind, int linesMax, long nowMs) {
    lock.lock();
    try {
      Window window = windows.computeIfAbsent(kind, _ -> new Window(nowMs));
      if (windows.size() > KINDS_MAX) {
        windows.pollFirstEntry();
      }
      if (window.shown < linesMax) {
        window.shown++;
        return true;
      }
      window.hidden++;
      return false;
    } finally {
      lock.unlock();
    }
  }

  /// Ends the minutes that are over.
  ///
  /// @return the kinds of which lines were hidden in them
  List<Hidden> over(long nowMs) {
    lock.lock();
    try {
      List<Hidden> hidden = new ArrayList<>();
      // They stand in the order they began in. A clock that was set back begins them all anew.
      while (!windows.isEmpty()
          && Math.abs(nowMs - windows.firstEntry().getValue().beganMs) >= WINDOW_MS) {
        var ended = windows.pollFirstEntry();
        if (ended.getValue().hidden > 0) {
          hidden.add(new Hidden(ended.getKey(), ended.getValue().hidden));
        }
      }
      return hidden;
    } finally {
      lock.unlock();
    }
  }
}
