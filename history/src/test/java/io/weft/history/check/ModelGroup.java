package io.weft.history.check;

import io.weft.history.Action;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Two members of a group that hand keys to each other, and go back to what was committed.
final class ModelGroup implements ModelClient {
  private static final int RUN_MAX = 8;

  private final ModelRun run;
  private final Random random;
  private final int[] processes;
  private final Map<ModelLog, Integer> owners = new HashMap<>();
  private final Map<ModelLog, Long> positions = new HashMap<>();
  private final Map<ModelLog, Long> committed = new HashMap<>();

  ModelGroup(ModelRun run) {
    this.run = run;
    this.random = run.random();
    this.processes = new int[] {run.newProcess(), run.newProcess()};
    for (int process : processes) {
      run.recorder().note(process, new Action.Subscribe());
    }
    for (ModelLog log : run.logs()) {
      owners.put(log, random.nextInt(2));
      positions.put(log, log.start());
      committed.put(log, log.start());
    }
  }

  @Override
  public void step() {
    int member = random.nextInt(2);
    int op = run.recorder().invoke(processes[member], new Action.Poll());
    List<Action.Run> runs = new ArrayList<>();
    List<String> rebalanced = new ArrayList<>();
    for (ModelLog log : run.logs()) {
      if (owners.get(log) == member) {
        read(log, runs);
        if (random.nextInt(10) == 0) {
          positions.put(log, committed.get(log));
          rebalanced.add(log.key());
          if (random.nextBoolean()) {
            owners.put(log, 1 - member);
          } else {
            read(log, runs);
          }
        } else if (random.nextInt(3) == 0) {
          committed.put(log, positions.get(log));
        }
      }
    }
    run.recorder().ok(op, new Action.Poll(runs, rebalanced));
  }

  @Override
  public void finish() {}

  private void read(ModelLog log, List<Action.Run> runs) {
    List<ModelLog.Entry> some = log.from(positions.get(log), RUN_MAX);
    if (!some.isEmpty()) {
      runs.add(ModelRun.run(log, some));
      positions.put(log, some.getLast().offset() + 1);
    }
  }
}
