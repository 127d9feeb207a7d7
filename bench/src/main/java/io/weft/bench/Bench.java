package io.weft.bench;

import io.weft.environment.Environment;
import io.weft.server.settings.Settings;
import java.io.PrintWriter;

/// The benchmarks by name, and what else their scripts ask of a server; each prints its report when
/// it is done.
public enum Bench {
  TOPIC("topic", "Creates a topic, and waits until each of its partitions has a leader."),
  PRODUCE("produce", "Sends records, as fast as one producer can or at a rate."),
  CONSUME("consume", "Reads records from the beginning with one consumer."),
  END_TO_END("end-to-end", "Takes the time from a record's send to its arrival."),
  TRANSACTIONS("transactions", "Commits transactions of several producers at once."),
  HEARTBEATS("heartbeats", "Asks the group coordinator for as many heartbeats as it takes."),
  OFFSET_COMMITS("offset-commits", "Commits offsets as fast as the group coordinator takes them."),
  REBALANCE("rebalance", "Takes the time until a large group has shared its partitions."),
  FAIL_OVER("fail-over", "Waits for the coordinator to be taken away, and to come back."),
  TRAINING("training", "Asks for some of everything: for bin/make-aot-cache.");

  public final String title;
  public final String meaning;

  Bench(String title, String meaning) {
    this.title = title;
    this.meaning = meaning;
  }

  public void run(Settings settings, PrintWriter out) throws InterruptedException {
    Environment environment = Environment.system();
    switch (this) {
      case TOPIC -> BenchTopic.createLed(settings, environment);
      case PRODUCE -> ProduceBench.run(settings, environment).print(out);
      case CONSUME -> ConsumeBench.run(settings, environment).print(out);
      case END_TO_END -> EndToEndBench.run(settings, environment).print(out);
      case TRANSACTIONS -> TransactionBench.run(settings, environment).print(out);
      case HEARTBEATS -> CoordinatorBench.heartbeats(settings, environment).print(out);
      case OFFSET_COMMITS -> CoordinatorBench.offsetCommits(settings, environment).print(out);
      case REBALANCE -> RebalanceBench.run(settings, environment).print(out);
      case FAIL_OVER -> FailOverBench.run(settings, environment, out);
      case TRAINING -> TrainingBench.run(settings, environment).print(out);
    }
  }
}
