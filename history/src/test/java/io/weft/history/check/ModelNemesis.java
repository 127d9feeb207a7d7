package io.weft.history.check;

import io.weft.history.Action;

/// Faults now and then, one at a time.
final class ModelNemesis implements ModelClient {
  private static final int NONE = -1;
  private static final Action FAULT = new Action.Fault("kill");

  private final ModelRun run;
  private final int process;
  private int fault = NONE;

  ModelNemesis(ModelRun run) {
    this.run = run;
    this.process = run.newProcess();
  }

  @Override
  public void step() {
    if (fault != NONE) {
      finish();
    } else if (run.random().nextInt(10) == 0) {
      fault = run.recorder().invoke(process, FAULT);
    }
  }

  @Override
  public void finish() {
    if (fault != NONE) {
      run.recorder().ok(fault, FAULT);
      fault = NONE;
    }
  }
}
