package io.weft.controlplane.state.part;

import io.weft.model.Invariant;
import java.util.function.BiConsumer;

/// The step that belongs to all that is decided now: every part of a state has the same one. Owned
/// by one thread.
public final class CurrentStep {
  private final BiConsumer<StateRecord, ChangeListener> replay;

  /// Null before the first one begins.
  private Step step;

  /// @param replay makes a record part of the state
  public CurrentStep(BiConsumer<StateRecord, ChangeListener> replay) {
    this.replay = replay;
  }

  /// From here on, what is decided belongs to this step.
  public void begin(Step next) {
    step = next;
  }

  public long nowMs() {
    return step().nowMs();
  }

  /// Makes a record part of the state and of the step. It must have bytes at the level that is
  /// final for the cluster: a part whose records have something of a later level asks for that
  /// level before it decides, and refuses.
  public void make(StateRecord record) {
    Step current = step();
    replay.accept(record, current.changes());
    current.records().add(record);
  }

  /// Makes a decision's records, in order.
  public <R> R make(Decision<R> decision) {
    decision.records().forEach(this::make);
    return decision.reply();
  }

  private Step step() {
    Invariant.check(step != null, "outside of a step");
    return step;
  }
}
