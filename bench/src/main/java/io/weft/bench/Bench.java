package io.weft.bench;

import io.weft.environment.Environment;
import io.weft.server.settings.Settings;
import java.io.PrintWriter;

/// The benchmarks by name; each prints its report when it is done.
public enum Bench {
  PRODUCE("produce", "Sends records, as fast as one producer can or at a rate."),
  CONSUME("consume", "Reads records from the beginning with one consumer."),
  END_TO_END("end-to-end", "Takes the time from a record's send to its arrival."),
  TRANSACTIONS("transactions", "Commits transactions of several producers at once."),
  HEARTBEATS("heartbeats", "Asks the group coordinator for as many heartbeats as it takes."),
  OFFSET_COMMITS("offset-commits", "Commits offsets as fast as the group coordinator takes them."),
  REBALANCE("rebalance", "Takes the time until a large group has shared its partitions."),
  FAIL_OVER("fail-over", "Waits for the coordinator to be taken away, and to come back.");

  public final String title;
  public final String meaning;

  Bench(String title, String meaning) {
    this.title = title;
    this.meaning = meaning;
  }

  public void run(Settings settings, PrintWriter out) throws InterruptedException {
    Environment environment = Environment.system();
    if (this == FAIL_OVER) {
      FailOverBench.run(settings, environment, out);
      return;
    }
    BenchReport report =
        switch (this) {
          case PRODUCE -> ProduceBench.run(settings, environment);
          case CONSUME -> ConsumeBench.run(settings, environment);
          case END_TO_END -> EndToEndBench.run(settings, environment);
          case TRANSACTIONS -> TransactionBench.run(settings, environment);
          case HEARTBEATS -> CoordinatorBench.heartbeats(settings, environment);
          case OFFSET_COMMITS -> CoordinatorBench.offsetCommits(settings, environment);
          case REBALANCE -> RebalanceBench.run(settings, environment);
          case FAIL_OVER -> throw new IllegalStateException("reports by itself");
        };
    report.print(out);
  }
}
