package io.weft.server.bench;

import io.weft.environment.Environment;
import io.weft.server.settings.Settings;
import java.io.PrintWriter;

/// The benchmarks by name; each prints its report when it is done.
public enum Bench {
  PRODUCE("produce", "Sends records, as fast as one producer can or at a rate."),
  CONSUME("consume", "Reads records from the beginning with one consumer."),
  END_TO_END("end-to-end", "Takes the time from a record's send to its arrival.");

  public final String title;
  public final String meaning;

  Bench(String title, String meaning) {
    this.title = title;
    this.meaning = meaning;
  }

  public void run(Settings settings, PrintWriter out) throws InterruptedException {
    Environment environment = Environment.system();
    BenchReport report =
        switch (this) {
          case PRODUCE -> ProduceBench.run(settings, environment);
          case CONSUME -> ConsumeBench.run(settings, environment);
          case END_TO_END -> EndToEndBench.run(settings, environment);
        };
    report.print(out);
  }
}
