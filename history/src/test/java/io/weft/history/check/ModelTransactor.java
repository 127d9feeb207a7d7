package io.weft.history.check;

import io.weft.history.Action;
import io.weft.history.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// Polls and sends in transactions. When one ends unknown the client crashes; another comes.
final class ModelTransactor implements ModelClient {
  private static final int NONE = -1;
  private static final int RUN_MAX = 6;

  private final ModelRun run;
  private final Random random;
  private final Map<String, Long> committed = new TreeMap<>();
  private final Map<String, Long> positions = new TreeMap<>();
  private final List<Action.Step> steps = new ArrayList<>();
  private final List<ModelLog.Entry> entries = new ArrayList<>();
  private int process;
  private int op = NONE;

  ModelTransactor(ModelRun run) {
    this.run = run;
    this.random = run.random();
    begin();
  }

  private void begin() {
    process = run.newProcess();
    run.logs().forEach(log -> committed.put(log.key(), log.start()));
    run.recorder().note(process, new Action.Assign(List.copyOf(committed.keySet())));
  }

  @Override
  public void step() {
    if (op == NONE) {
      op = run.recorder().invoke(process, new Action.Transaction(List.of()));
      positions.putAll(committed);
    } else {
      switch (random.nextInt(5)) {
        case 0, 1 -> send();
        case 2, 3 -> poll();
        default -> end();
      }
    }
  }

  @Override
  public void finish() {
    if (op != NONE) {
      end();
    }
  }

  private void send() {
    ModelLog log = run.anyLog();
    ModelLog.Entry entry = log.append(run.newValue(), ModelLog.State.OPEN);
    entries.add(entry);
    long told = random.nextInt(10) == 0 ? Action.UNKNOWN : entry.offset();
    steps.add(new Action.Send(log.key(), told, entry.value()));
  }

  private void poll() {
    ModelLog log = run.anyLog();
    List<ModelLog.Entry> some = log.from(positions.get(log.key()), 1 + random.nextInt(RUN_MAX));
    if (!some.isEmpty()) {
      steps.add(new Action.Poll(List.of(ModelRun.run(log, some))));
      positions.put(log.key(), some.getLast().offset() + 1);
    }
  }

  private void end() {
    int chance = random.nextInt(100);
    boolean commits = chance < 75;
    entries.forEach(entry -> entry.end(commits ? ModelLog.State.VISIBLE : ModelLog.State.ABORTED));
    run.logs().forEach(log -> log.leaveOut(1));
    boolean known = random.nextInt(10) != 0;
    Outcome outcome = !known ? Outcome.INFO : commits ? Outcome.OK : Outcome.FAIL;
    run.recorder().complete(op, outcome, new Action.Transaction(List.copyOf(steps)));
    if (known && commits) {
      committed.putAll(positions);
    }
    steps.clear();
    entries.clear();
    op = NONE;
    if (!known) {
      begin();
    }
  }
}
