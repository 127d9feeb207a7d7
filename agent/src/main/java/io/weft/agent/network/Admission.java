package io.weft.agent.network;

import io.weft.agent.memory.BlockPool;
import io.weft.agent.memory.ByteBudget;

/// The byte budgets of one listener, over all its addresses. Thread-safe.
///
/// A share is taken in one step for a frame's whole length, so nobody holds some of it while
/// waiting for more. What is still arriving could hold its share for long; so frames of more than
/// [#SMALL_BYTES] also pass a gate that keeps all half-read ones together to a quarter of the
/// budget each (the middle-sized and the large apart): stalled peers delay their like only.
final class Admission {
  /// A frame up to this length gets its share when all of it has arrived.
  static final int SMALL_BYTES = 64 << 10;

  /// A frame up to this length gets a buffer of its length once it is admitted; a longer one's
  /// buffer grows with what arrives.
  static final int MIDDLE_BYTES = 1 << 20;

  private static final int GATE_PART = 4;

  /// The part of the answers' budget that answers without records have to themselves.
  private static final int OTHER_ANSWERS_PART = 4;

  private final ByteBudget requests;
  private final BlockPool requestMemory;
  private final ByteBudget middleArriving;
  private final ByteBudget largeArriving;
  private final ByteBudget recordAnswers;
  private final ByteBudget otherAnswers;

  Admission(NetworkSettings settings) {
    long requestBytesMax = settings.requestBytesMax();
    long otherBytesMax = Math.max(1, settings.answerBytesMax() / OTHER_ANSWERS_PART);
    this.recordAnswers = new ByteBudget(Math.max(1, settings.answerBytesMax() - otherBytesMax));
    this.otherAnswers = new ByteBudget(otherBytesMax);
    this.requests = new ByteBudget(requestBytesMax);
    this.requestMemory = new BlockPool(requestBytesMax);
    this.middleArriving = new ByteBudget(Math.max(1, requestBytesMax / GATE_PART));
    this.largeArriving = new ByteBudget(Math.max(1, requestBytesMax / GATE_PART));
  }

  ByteBudget requests() {
    return requests;
  }

  /// Where long requests with records lie, if it has room: it never has more than all requests may
  /// hold.
  BlockPool requestMemory() {
    return requestMemory;
  }

  /// The budget of answers with records.
  ByteBudget recordAnswers() {
    return recordAnswers;
  }

  /// The budget of all other answers.
  ByteBudget otherAnswers() {
    return otherAnswers;
  }

  /// Whether somebody waits for room that slow peers hold.
  boolean answersAreAwaited() {
    return recordAnswers.isAwaited() || otherAnswers.isAwaited();
  }

  /// The gate a frame of more than [#SMALL_BYTES] passes while it arrives.
  ByteBudget gate(int length) {
    return length <= MIDDLE_BYTES ? middleArriving : largeArriving;
  }
}
