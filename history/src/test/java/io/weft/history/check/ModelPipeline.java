package io.weft.history.check;

import io.weft.history.Action;
import io.weft.history.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/// Makes an output of every input, in transactions with its group's offsets; a process that goes on
/// after an abort or a crash begins at what was committed. Another asks for the offsets meanwhile.
final class ModelPipeline implements ModelClient {
  static final String GROUP = "pipeline";
  static final String OUTPUTS = "out-";

  private static final int NONE = -1;
  private static final int RUN_MAX = 6;

  private final ModelRun run;
  private final Random random;
  private final int asker;
  private final Map<ModelLog, Long> committed = new LinkedHashMap<>();
  private final Map<ModelLog, Long> positions = new LinkedHashMap<>();
  private final List<Action.Step> steps = new ArrayList<>();
  private final List<ModelLog.Entry> entries = new ArrayList<>();
  private int process;
  private int op = NONE;
  private int attempt;

  /// What the group has said, and not only where it begins.
  private final Map<String, Long> said = new TreeMap<>();

  private final Map<String, Long> saying = new TreeMap<>();

  ModelPipeline(ModelRun run) {
    this.run = run;
    this.random = run.random();
    this.asker = run.newProcess();
    run.logs().forEach(log -> committed.put(log, log.start()));
    begin();
  }

  private void begin() {
    process = run.newProcess();
    run.recorder().note(process, new Action.Subscribe());
  }

  @Override
  public void step() {
    if (random.nextInt(4) == 0) {
      ask();
    } else if (op == NONE) {
      op = run.recorder().invoke(process, new Action.Transaction(List.of()));
      attempt++;
      positions.putAll(committed);
    } else if (random.nextInt(4) != 0) {
      transform(run.anyLog());
    } else {
      end(random.nextInt(100));
    }
  }

  /// To be called when nobody sends any more.
  @Override
  public void finish() {
    if (op != NONE) {
      end(random.nextInt(100));
    }
    op = run.recorder().invoke(process, new Action.Transaction(List.of()));
    attempt++;
    positions.putAll(committed);
    for (ModelLog log : run.logs()) {
      while (transform(log)) {
        run.pass();
      }
    }
    end(0);
    ask();
  }

  private void ask() {
    int question = run.recorder().invoke(asker, new Action.Committed(GROUP));
    List<Action.Place> places = new ArrayList<>();
    for (ModelLog log : run.logs()) {
      places.add(new Action.Place(log.key(), said.getOrDefault(log.key(), Action.UNKNOWN)));
    }
    run.recorder().ok(question, new Action.Committed(GROUP, places));
  }

  /// @return whether there was input
  private boolean transform(ModelLog log) {
    List<ModelLog.Entry> some = log.from(positions.get(log), 1 + random.nextInt(RUN_MAX));
    if (some.isEmpty()) {
      return false;
    }
    steps.add(new Action.Poll(List.of(ModelRun.run(log, some))));
    for (ModelLog.Entry input : some) {
      ModelLog target = run.outputs().get(random.nextInt(run.outputs().size()));
      ModelLog.Entry entry =
          target.append(Pipeline.output(attempt, input.value()), ModelLog.State.OPEN);
      entries.add(entry);
      steps.add(new Action.Send(target.key(), entry.offset(), entry.value()));
    }
    positions.put(log, some.getLast().offset() + 1);
    saying.put(log.key(), positions.get(log));
    steps.add(new Action.Commit(GROUP, log.key(), positions.get(log)));
    return true;
  }

  private void end(int chance) {
    boolean commits = chance < 80;
    entries.forEach(entry -> entry.end(commits ? ModelLog.State.VISIBLE : ModelLog.State.ABORTED));
    run.outputs().forEach(log -> log.leaveOut(1));
    boolean known = chance % 8 != 7;
    Outcome outcome = !known ? Outcome.INFO : commits ? Outcome.OK : Outcome.FAIL;
    run.recorder().complete(op, outcome, new Action.Transaction(List.copyOf(steps)));
    if (commits) {
      committed.putAll(positions);
      said.putAll(saying);
    }
    steps.clear();
    entries.clear();
    saying.clear();
    op = NONE;
    if (!known) {
      begin();
    }
  }
}
