package io.weft.simulation.client;

import io.weft.history.Action;
import io.weft.history.Outcome;
import io.weft.simulation.client.GroupMember.Standing;
import io.weft.simulation.client.TransactionCalls.Answer;
import io.weft.simulation.client.TransactionCalls.Fate;
import io.weft.simulation.cluster.Cluster;
import io.weft.simulation.fault.Sight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/// One instance of a transactional producer and what the history says of its transactions. Runs on
/// one thread of its world.
public final class TransactionalProducer {
  private static final int NONE = -1;

  private final TransactionCalls calls;
  private final Cluster cluster;
  private final Notes notes;
  private final int process;
  private final List<Action.Step> steps = new ArrayList<>();
  private int op = NONE;
  private boolean fenced;

  TransactionalProducer(Cluster cluster, Notes notes, String id, boolean second, int timeoutMs) {
    this.cluster = cluster;
    this.notes = notes;
    this.process = notes.process();
    this.calls = new TransactionCalls(cluster, notes, id, second, timeoutMs);
    notes.recorder().note(process, new Action.Subscribe());
  }

  void init() throws InterruptedException {
    calls.init();
  }

  /// Whether another instance has its place, or its transaction took too long.
  boolean isFenced() {
    return fenced;
  }

  /// Whether it waits for an answer.
  boolean isAsking() {
    return calls.isAsking();
  }

  void begin() {
    op = notes.recorder().invoke(process, new Action.Transaction(List.of()));
    steps.clear();
  }

  void polled(Action.Poll poll) {
    steps.add(poll);
  }

  /// @return whether the transaction goes on; otherwise it is to be aborted, or is over
  boolean send(TopicPartition partition, List<Long> values) throws InterruptedException {
    int first = steps.size();
    for (long value : values) {
      steps.add(new Action.Send(partition.toString(), value));
    }
    Answer answer = calls.produce(partition, values);
    if (answer.isDone() && answer.offset() >= 0) {
      for (int i = 0; i < values.size(); i++) {
        steps.set(
            first + i, new Action.Send(partition.toString(), answer.offset() + i, values.get(i)));
      }
    }
    return goesOn(answer);
  }

  /// As [#send].
  boolean commitOffsets(Standing member, Map<TopicPartition, Long> next)
      throws InterruptedException {
    next.forEach(
        (partition, offset) ->
            steps.add(new Action.Commit(GroupOffsets.GROUP, partition.toString(), offset)));
    return goesOn(calls.commitOffsets(member, next));
  }

  private boolean goesOn(Answer answer) {
    if (answer.fate() == Fate.FENCED) {
      // Nobody has asked for a commit: the instance that took over has aborted it.
      fenced = true;
      complete(Outcome.FAIL);
    }
    return answer.isDone();
  }

  /// @return whether it was committed, as far as is known
  boolean end(boolean commit) throws InterruptedException {
    Answer answer = calls.end(commit);
    fenced |= answer.fate() == Fate.FENCED;
    if (!commit) {
      complete(Outcome.FAIL);
      cluster.weather().saw(Sight.TRANSACTION_ABORTED);
      return false;
    }
    if (answer.isDone()) {
      complete(Outcome.OK);
      cluster.weather().saw(Sight.TRANSACTION_COMMITTED);
    } else {
      // An agent may have asked the control plane again by itself, and been fenced after it was
      // done.
      boolean unknown = answer.again() || answer.fate() == Fate.FENCED;
      complete(unknown ? Outcome.INFO : Outcome.FAIL);
    }
    return answer.isDone();
  }

  /// Nothing more is known of its transaction.
  void leave() {
    if (op != NONE) {
      complete(Outcome.INFO);
    }
  }

  private void complete(Outcome outcome) {
    notes.recorder().complete(op, outcome, new Action.Transaction(List.copyOf(steps)));
    op = NONE;
  }
}
