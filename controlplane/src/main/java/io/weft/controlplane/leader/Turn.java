package io.weft.controlplane.leader;

import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.StateRecord;
import io.weft.controlplane.state.StateRecordCodec;
import io.weft.environment.Pending;
import java.util.ArrayList;
import java.util.List;

/// One turn of the leader's: the records of its commands, and their answers, held back. Owned by
/// the leader thread.
final class Turn {
  private final long nowMs;
  private final WireWriter body = EntryBody.records();
  private final List<StateRecord> records = new ArrayList<>();
  private final List<Answer<?>> answers = new ArrayList<>();
  private boolean changed;
  private long answerBytes;

  Turn(long nowMs) {
    this.nowMs = nowMs;
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
    return nowMs;
  }

  /// Where the next step adds its records; [#settle] takes them.
  List<StateRecord> records() {
    return records;
  }

  /// The step is done: its records become part of the entry.
  void settle() {
    for (StateRecord each : records) {
      StateRecordCodec.write(each, body);
      changed = true;
    }
    records.clear();
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
