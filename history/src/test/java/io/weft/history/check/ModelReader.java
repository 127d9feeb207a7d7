package io.weft.history.check;

import io.weft.history.Action;
import io.weft.history.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// Reads keys of its own; its polls now and then fail, it changes its keys and begins anew.
final class ModelReader implements ModelClient {
  private static final int RUN_MAX = 8;
  private static final int NONE = -1;

  private final ModelRun run;
  private final Random random;
  private final int process;
  private final Map<String, Long> positions = new TreeMap<>();
  private int poll = NONE;

  ModelReader(ModelRun run) {
    this.run = run;
    this.random = run.random();
    this.process = run.newProcess();
    assign();
  }

  @Override
  public void step() {
    if (poll != NONE) {
      complete();
    } else if (random.nextInt(60) == 0) {
      assign();
    } else if (random.nextInt(60) == 0) {
      run.recorder().note(process, new Action.Crash());
      positions.clear();
      assign();
    } else {
      poll = run.recorder().invoke(process, new Action.Poll());
    }
  }

  @Override
  public void finish() {
    if (poll != NONE) {
      complete();
    }
  }

  private void assign() {
    List<ModelLog> wanted = new ArrayList<>(run.logs());
    wanted.removeIf(_ -> random.nextInt(4) == 0);
    positions.keySet().retainAll(wanted.stream().map(ModelLog::key).toList());
    wanted.forEach(log -> positions.putIfAbsent(log.key(), log.start()));
    run.recorder().note(process, new Action.Assign(List.copyOf(positions.keySet())));
  }

  private void complete() {
    Map<String, Long> next = new TreeMap<>(positions);
    List<Action.Run> runs = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      for (ModelLog log : run.logs()) {
        if (next.containsKey(log.key()) && random.nextInt(2) == 0) {
          List<ModelLog.Entry> some = log.from(next.get(log.key()), 1 + random.nextInt(RUN_MAX));
          if (!some.isEmpty()) {
            runs.add(ModelRun.run(log, some));
            next.put(log.key(), some.getLast().offset() + 1);
          }
        }
      }
    }
    int chance = random.nextInt(100);
    Outcome outcome = chance < 94 ? Outcome.OK : chance < 97 ? Outcome.FAIL : Outcome.INFO;
    run.recorder().complete(poll, outcome, new Action.Poll(runs));
    poll = NONE;
    if (outcome == Outcome.OK) {
      positions.putAll(next);
    }
  }
}
