package io.weft.controlplane.leader;

import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.StateRecordCodec;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.controlplane.state.part.Step;
import io.weft.environment.Pending;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;

/// One turn of the leader's: the records of its commands, and their answers, held back. Owned by
/// the leader thread.
final class Turn {
  private final Step step;
  private final IntSupplier level;
  private final WireWriter body = EntryBody.records();
  private final List<Answer<?>> answers = new ArrayList<>();
  private boolean changed;
  private long answerBytes;

  /// @param changes hears what its records change
  /// @param level at which records are written, now
  Turn(long nowMs, ChangeListener changes, IntSupplier level) {
    this.level = level;
    this.step = new Step(nowMs, new ArrayList<>(), changes);
  }

  private record Answer<R>(Pending<R> reply, R value, RuntimeException refusal) {
    void release() {
      if (refusal == null) {
        reply.complete(value);
      } else {
        reply.fail(refusal);
      }
    }
  }

  /// The time of the turn's entry.
  long nowMs() {
    return step.nowMs();
  }

  /// What belongs to it, for the state.
  Step step() {
    return step;
  }

  /// What was made since [#settle].
  List<StateRecord> records() {
    return step.records();
  }

  /// The step is done: its records become part of the entry.
  void settle() {
    body.atLevel(level.getAsInt());
    for (StateRecord each : step.records()) {
      StateRecordCodec.write(each, body);
      changed = true;
    }
    step.records().clear();
  }

  /// @param bytes about how many the answer takes
  <R> void answer(Pending<R> reply, R value, long bytes) {
    answerBytes += bytes;
    answers.add(new Answer<>(reply, value, null));
  }

  <R> void refuse(Pending<R> reply, RuntimeException refusal) {
    answers.add(new Answer<>(reply, null, refusal));
  }

  boolean hasRecords() {
    return changed;
  }

  boolean hasAnswers() {
    return !answers.isEmpty();
  }

  int bytes() {
    return body.size();
  }

  /// What answers take until they are let out.
  long answerBytes() {
    return answerBytes;
  }

  byte[] body() {
    return body.toByteArray();
  }

  /// What the answers saw is durable.
  void release() {
    answers.forEach(Answer::release);
  }

  /// It is not, or nobody knows.
  void fail(RuntimeException why) {
    answers.forEach(answer -> answer.reply().fail(why));
  }
}
