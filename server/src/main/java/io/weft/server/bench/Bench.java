package io.weft.server.bench;

import io.weft.environment.Environment;
import io.weft.server.settings.Settings;
import java.io.PrintWriter;

/// The benchmarks by name; each prints its report when it is done.
public enum Bench {
  PRODUCE("produce", "Sends records, as fast as one producer can or at a rate.", ProduceBench::run),
  CONSUME("consume", "Reads records from the beginning with one consumer.", ConsumeBench::run),
  END_TO_END(
      "end-to-end", "Takes the time from a record's send to its arrival.", EndToEndBench::run);

  public final String title;
  public final String meaning;
  private final Body body;

  Bench(String title, String meaning, Body body) {
    this.title = title;
    this.meaning = meaning;
    this.body = body;
  }

  public void run(Settings settings, PrintWriter out) throws InterruptedException {
    body.run(settings, Environment.system()).print(out);
  }

  private interface Body {
    BenchReport run(Settings settings, Environment environment) throws InterruptedException;
  }
}
