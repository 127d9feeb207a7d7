package io.weft.agent.network;

import io.weft.environment.Clock;
import java.util.Optional;

/// When a connection last moved, as its reader and its writer tell, and as the listener's sweep
/// asks. Thread-safe: each field has one writer. Only one thread sweeps.
final class Progress {
  /// A frame slower than this is not a slow network but a client that holds on to memory.
  static final int FRAME_BYTES_PER_SECOND_MIN = 8 << 10;

  /// Answers that are taken more slowly than this keep others waiting for the memory they hold. The
  /// peer may fall behind by as much as it takes in [NetworkSettings#progressMs].
  static final int ANSWER_BYTES_PER_SECOND_MIN = 8 << 10;

  /// While others wait for memory that answers hold, a peer may fall behind by so much less.
  static final int PRESSED_PART = 3;

  /// While others wait for memory that answers hold, a peer has so long to take what its own hold:
  /// so what is held when the waiting begins has been given back after twice this and a few rounds
  /// of the sweep, by its peer's taking it or by its connection's end.
  static final int PRESSED_TAKE_MS = 20_000;

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
  private volatile long bytesTaken;
  private volatile long bytesFreed;

  /// How far the peer may still fall behind, and as of when. Owned by the writer.
  private long writeCreditMs;

  private long writeCreditAtMs;

  /// What the peer has to take while it is pressed, of how much it had taken then; 0 for nothing.
  /// Owned by the sweep, as all below.
  private long bytesDue;

  private long bytesTakenBefore;
  private long bytesFreedBefore;

  /// How long it has been pressed for that, as of the last look.
  private long pressedMs;

  private boolean wasPressed;
  private long lookedAtMs;

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
    bytesTaken = Math.addExact(bytesTaken, bytes);
    lastWriteMs = clock.monotonicMs();
    long leftMs = writeDueMs - lastWriteMs;
    credit(lastWriteMs, leftMs + bytes * 1_000L / ANSWER_BYTES_PER_SECOND_MIN);
    writeDueMs = lastWriteMs + writeCreditMs;
  }

  /// The peer has taken an answer whole, which held so many bytes: more than went out where it
  /// referred to parts of larger buffers.
  void answerTaken(long bytesHeld) {
    bytesFreed = Math.addExact(bytesFreed, bytesHeld);
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
  /// @param bytesHeld by the answers of this connection
  Optional<String> overdue(boolean owing, boolean pressed, long bytesHeld) {
    long nowMs = clock.monotonicMs();
    if (nowMs >= frameStalledMs || nowMs >= frameDueMs) {
      return Optional.of("half a request, and no more of it");
    }
    long lessMs = pressed ? settings.progressMs() - settings.progressMs() / PRESSED_PART : 0;
    if (nowMs >= writeDueMs - lessMs || holdsTooLong(nowMs, pressed, bytesHeld)) {
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

  /// Only time that is spent in writing counts, and only between two looks that both found others
  /// waiting: what a peer has not been given yet it cannot take.
  private boolean holdsTooLong(long nowMs, boolean pressed, long bytesHeld) {
    if (writeDueMs == NOT || bytesHeld == 0) {
      bytesDue = 0;
      wasPressed = false;
      return false;
    }
    long taken = bytesTaken;
    long freed = bytesFreed;
    if (bytesDue == 0
        || taken - bytesTakenBefore >= bytesDue
        || freed - bytesFreedBefore >= bytesDue) {
      bytesDue = bytesHeld;
      bytesTakenBefore = taken;
      bytesFreedBefore = freed;
      pressedMs = 0;
      wasPressed = false;
    }
    if (pressed && wasPressed) {
      pressedMs += nowMs - lookedAtMs;
    }
    wasPressed = pressed;
    lookedAtMs = nowMs;
    return pressedMs >= PRESSED_TAKE_MS;
  }
}
