package io.weft.agent.network;

import io.weft.environment.Clock;
import java.util.Optional;

/// When a connection last moved, as its reader and its writer tell, and as the listener's sweep
/// asks. Thread-safe: each field has one writer.
final class Progress {
  /// A frame slower than this is not a slow network but somebody who holds on to memory.
  static final int FRAME_BYTES_PER_SECOND_MIN = 8 << 10;

  /// Answers that are taken more slowly than this keep others waiting for the memory they hold. The
  /// peer may fall behind by as much as it takes in [NetworkSettings#progressMs].
  static final int ANSWER_BYTES_PER_SECOND_MIN = 8 << 10;

  /// While others wait for memory that answers hold, a peer may fall behind by so much less.
  static final int PRESSED_PART = 3;

  private static final long NOT = Long.MAX_VALUE;

  private final Clock clock;
  private final NetworkSettings settings;
  private final long openedMs;
  private volatile boolean greeted;
  private volatile long lastReadMs;
  private volatile long lastWriteMs;
  private volatile long frameStalledMs = NOT;
  private volatile long frameDueMs = NOT;
  private volatile long writeDueMs = NOT;

  /// How far the peer may still fall behind, and as of when. Owned by the writer.
  private long writeCreditMs;

  private long writeCreditAtMs;

  Progress(Clock clock, NetworkSettings settings) {
    this.clock = clock;
    this.settings = settings;
    this.openedMs = clock.monotonicMs();
    this.lastReadMs = openedMs;
    this.lastWriteMs = openedMs;
    this.writeCreditMs = settings.progressMs();
    this.writeCreditAtMs = openedMs;
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

  /// There are bytes to take from here on. Time without any makes up for what the peer has fallen
  /// behind.
  void writeBegun() {
    long nowMs = clock.monotonicMs();
    credit(nowMs, writeCreditMs + (nowMs - writeCreditAtMs));
    writeDueMs = nowMs + writeCreditMs;
  }

  /// The peer has taken so many bytes.
  void bytesWritten(long bytes) {
    lastWriteMs = clock.monotonicMs();
    long leftMs = writeDueMs - lastWriteMs;
    credit(lastWriteMs, leftMs + bytes * 1_000L / ANSWER_BYTES_PER_SECOND_MIN);
    writeDueMs = lastWriteMs + writeCreditMs;
  }

  void writeEnded() {
    long nowMs = clock.monotonicMs();
    credit(nowMs, writeDueMs - nowMs);
    writeDueMs = NOT;
  }

  private void credit(long nowMs, long creditMs) {
    writeCreditMs = Math.min(creditMs, settings.progressMs());
    writeCreditAtMs = nowMs;
  }

  /// Why the connection should be closed now, if it should.
  ///
  /// @param owing whether the peer waits for an answer: then it is not idle
  /// @param pressed whether others wait for memory that answers hold
  Optional<String> overdue(boolean owing, boolean pressed) {
    long nowMs = clock.monotonicMs();
    if (nowMs >= frameStalledMs || nowMs >= frameDueMs) {
      return Optional.of("half a request, and no more of it");
    }
    long lessMs = pressed ? settings.progressMs() - settings.progressMs() / PRESSED_PART : 0;
    if (nowMs >= writeDueMs - lessMs) {
      return Optional.of("the peer takes its answers too slowly");
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
