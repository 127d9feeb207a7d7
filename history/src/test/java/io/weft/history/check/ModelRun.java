package io.weft.history.check;

import io.weft.history.Action;
import io.weft.history.Event;
import io.weft.history.History;
import io.weft.history.Recorder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// A history of clients of a correct log, from a seed: sends that overlap, fail, or end unknown
/// with and without effect; readers that poll, fail, crash, change their keys, or share them in a
/// group; transactions; faults; and at the end readers of everything. Owned by one thread.
public final class ModelRun {
  private static final int READERS = 3;
  private static final int FINAL_RUN_MAX = 40;

  private final Workload workload;
  private final Random random;
  private final List<Event> events = new ArrayList<>();
  private final Recorder recorder = new Recorder(this::nanos, events::add);
  private final List<ModelLog> logs = new ArrayList<>();
  private final List<ModelLog> outputs = new ArrayList<>();
  private final List<ModelClient> clients = new ArrayList<>();
  private long nanos;
  private long lastValue;
  private int processes;

  private ModelRun(Workload workload, long seed) {
    this.workload = workload;
    this.random = new Random(seed);
    for (int i = 0; i < workload.keys(); i++) {
      logs.add(new ModelLog("topic-" + i, random.nextInt(4) == 0 ? 1L << 40 : 0));
    }
  }

  /// @param plain producers send again what has arrived, and out of order
  /// @param gaps offsets are left out, as with markers and compaction
  public record Workload(int steps, int keys, boolean plain, boolean gaps, boolean transactions) {
    public static final Workload IDEMPOTENT = new Workload(1_500, 3, false, false, false);
    public static final Workload PLAIN = new Workload(1_500, 3, true, false, false);
    public static final Workload GAPS = new Workload(1_500, 3, false, true, false);
    public static final Workload TRANSACTIONS = new Workload(2_000, 3, false, true, true);

    Expectations expectations() {
      List<Pipeline> pipelines =
          transactions
              ? List.of(Pipeline.numbered(ModelPipeline.GROUP, "topic-", ModelPipeline.OUTPUTS))
              : List.of();
      return new Expectations(!plain, true, true, !gaps, Long.MAX_VALUE, pipelines);
    }
  }

  static History of(Workload workload, long seed) {
    return History.of(events(workload, seed));
  }

  public static List<Event> events(Workload workload, long seed) {
    ModelRun run = new ModelRun(workload, seed);
    run.addClients();
    for (int i = 0; i < workload.steps(); i++) {
      run.step();
    }
    run.finish();
    return run.events;
  }

  private void addClients() {
    for (int i = 0; i < 2; i++) {
      clients.add(new ModelProducer(this));
    }
    for (int i = 0; i < READERS; i++) {
      clients.add(new ModelReader(this));
    }
    clients.add(new ModelGroup(this));
    clients.add(new ModelNemesis(this));
    if (workload.transactions()) {
      outputs.add(new ModelLog(ModelPipeline.OUTPUTS + 0, 0));
      outputs.add(new ModelLog(ModelPipeline.OUTPUTS + 1, 0));
      clients.add(new ModelTransactor(this));
      clients.add(new ModelTransactor(this));
      clients.add(new ModelPipeline(this));
    }
  }

  private void step() {
    pass();
    clients.get(random.nextInt(clients.size())).step();
    if (workload.gaps() && random.nextInt(40) == 0) {
      anyLog().leaveOut(1 + random.nextInt(3));
    }
  }

  private void finish() {
    for (ModelClient client : clients) {
      pass();
      client.finish();
    }
    for (int i = 0; i < 2; i++) {
      int process = newProcess();
      List<ModelLog> all = Stream.concat(logs.stream(), outputs.stream()).toList();
      recorder.note(process, new Action.Assign(all.stream().map(ModelLog::key).toList()));
      for (ModelLog log : all) {
        readAll(process, log);
      }
    }
  }

  private void readAll(int process, ModelLog log) {
    long position = log.start();
    List<ModelLog.Entry> some = log.from(position, FINAL_RUN_MAX);
    while (!some.isEmpty()) {
      int op = recorder.invoke(process, new Action.Poll());
      pass();
      recorder.ok(op, new Action.Poll(List.of(run(log, some))));
      pass();
      position = some.getLast().offset() + 1;
      some = log.from(position, 1 + random.nextInt(FINAL_RUN_MAX));
    }
  }

  static Action.Run run(ModelLog log, List<ModelLog.Entry> entries) {
    return new Action.Run(
        log.key(),
        entries.stream().mapToLong(ModelLog.Entry::offset).toArray(),
        entries.stream().mapToLong(ModelLog.Entry::value).toArray());
  }

  Workload workload() {
    return workload;
  }

  Random random() {
    return random;
  }

  Recorder recorder() {
    return recorder;
  }

  List<ModelLog> logs() {
    return logs;
  }

  /// What is made of the others' values.
  List<ModelLog> outputs() {
    return outputs;
  }

  ModelLog anyLog() {
    return logs.get(random.nextInt(logs.size()));
  }

  long newValue() {
    return ++lastValue;
  }

  int newProcess() {
    return processes++;
  }

  void pass() {
    nanos += 1 + random.nextInt(2_000_000);
  }

  private long nanos() {
    return nanos;
  }
}
