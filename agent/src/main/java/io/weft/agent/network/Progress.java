package io.weft.agent.network;

import io.weft.environment.Clock;
import java.util.Optional;

/// When a connection last moved, as its reader and its writer tell, and as the listener's sweep
/// asks. Thread-safe: each field has one writer.
final class Progress {
  /// A frame slower than this is not a slow network but somebody who holds on to memory.
  static final int FRAME_BYTES_PER_SECOND_MIN = 8 << 10;

  private static final long NOT = Long.MAX_VALUE;

  private final Clock clock;
  private final NetworkSettings settings;
  private final long openedMs;
  private volatile boolean greeted;
  private volatile long lastReadMs;
  private volatile long lastWriteMs;
  private volatile long frameStalledMs = NOT;
  private volatile long frameDueMs = NOT;
  private volatile long writeStalledMs = NOT;

  Progress(Clock clock, NetworkSettings settings) {
    this.clock = clock;
    this.settings = settings;
    this.openedMs = clock.monotonicMs();
    this.lastReadMs = openedMs;
    this.lastWriteMs = openedMs;
  }

  /// A frame has begun: from here on its bytes must keep coming.
  void frameBegun(int length) {
    long nowMs = clock.monotonicMs();
    frameStalledMs = nowMs + settings.progressMs();
    frameDueMs = nowMs + settings.progressMs() + length * 1_000L / FRAME_BYTES_PER_SECOND_MIN;
  }

  void bytesRead() {
    long nowMs = clock.monotonicMs();
    lastReadMs = nowMs;
    if (frameStalledMs != NOT) {
      frameStalledMs = nowMs + settings.progressMs();
    }
  }

  /// The frame waits for room: no fault of the peer's.
  void frameHeld() {
    frameStalledMs = NOT;
    frameDueMs = NOT;
  }

  void frameEnded() {
    frameHeld();
    greeted = true;
  }

  void writeBegun() {
    writeStalledMs = clock.monotonicMs() + settings.progressMs();
  }

  void bytesWritten() {
    lastWriteMs = clock.monotonicMs();
    writeStalledMs = lastWriteMs + settings.progressMs();
  }

  void writeEnded() {
    writeStalledMs = NOT;
  }

  /// Why the connection should be closed now, if it should.
  ///
  /// @param owing whether the peer waits for an answer: then it is not idle
  Optional<String> overdue(boolean owing) {
    long nowMs = clock.monotonicMs();
    if (nowMs >= frameStalledMs || nowMs >= frameDueMs) {
      return Optional.of("half a request, and no more of it");
    }
    if (nowMs >= writeStalledMs) {
      return Optional.of("the peer takes no answers");
    }
    if (owing) {
      return Optional.empty();
    }
    if (!greeted && nowMs - openedMs >= settings.firstRequestMs()) {
      return Optional.of("no request");
    }
    if (nowMs - Math.max(lastReadMs, lastWriteMs) >= settings.idleMs()) {
      return Optional.of("idle");
    }
    return Optional.empty();
  }
}
