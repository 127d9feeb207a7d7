package io.weft.history.check;

import io.weft.history.Action;
import io.weft.history.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// Sends with several unanswered at a time. An idempotent one's land in order; a plain one's in any
/// order, and some twice.
final class ModelProducer implements ModelClient {
  private static final int UNANSWERED_MAX = 5;

  private final ModelRun run;
  private final Random random;
  private final int process;
  private final List<Sent> waiting = new ArrayList<>();
  private final List<Sent> landed = new ArrayList<>();

  ModelProducer(ModelRun run) {
    this.run = run;
    this.random = run.random();
    this.process = run.newProcess();
  }

  private record Sent(int op, ModelLog log, Action.Send send) {}

  @Override
  public void step() {
    switch (random.nextInt(3)) {
      case 0 -> send();
      case 1 -> land();
      default -> answer();
    }
  }

  @Override
  public void finish() {
    while (!waiting.isEmpty()) {
      land();
    }
    while (!landed.isEmpty()) {
      answer();
    }
  }

  private void send() {
    if (waiting.size() + landed.size() < UNANSWERED_MAX) {
      ModelLog log = run.anyLog();
      Action.Send send = new Action.Send(log.key(), run.newValue());
      waiting.add(new Sent(run.recorder().invoke(process, send), log, send));
    }
  }

  private void land() {
    if (waiting.isEmpty()) {
      return;
    }
    boolean plain = run.workload().plain();
    Sent sent = waiting.remove(plain ? random.nextInt(waiting.size()) : 0);
    if (sent.op() == Version.NOBODY) {
      sent.log().append(sent.send().value(), ModelLog.State.VISIBLE);
      return;
    }
    int chance = random.nextInt(100);
    if (chance < 6) {
      run.recorder().fail(sent.op(), sent.send());
    } else if (chance < 10) {
      run.recorder().info(sent.op(), sent.send());
    } else if (chance >= 12) {
      long offset = sent.log().append(sent.send().value(), ModelLog.State.VISIBLE).offset();
      if (plain && random.nextInt(8) == 0) {
        waiting.add(new Sent(Version.NOBODY, sent.log(), sent.send()));
      }
      landed.add(new Sent(sent.op(), sent.log(), sent.send().at(offset)));
    }
  }

  private void answer() {
    if (!landed.isEmpty()) {
      Sent sent = landed.remove(random.nextInt(landed.size()));
      Action.Send unplaced = new Action.Send(sent.send().key(), sent.send().value());
      int chance = random.nextInt(100);
      if (chance < 85) {
        run.recorder().ok(sent.op(), sent.send());
      } else {
        // Acknowledged without an offset, unknown, or never heard of again.
        Optional<Outcome> outcome =
            chance < 88
                ? Optional.of(Outcome.OK)
                : chance < 97 ? Optional.of(Outcome.INFO) : Optional.empty();
        outcome.ifPresent(how -> run.recorder().complete(sent.op(), how, unplaced));
      }
    }
  }
}
