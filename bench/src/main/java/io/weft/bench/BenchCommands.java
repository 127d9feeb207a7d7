package io.weft.bench;

import io.weft.server.command.CommandGroup;
import io.weft.server.command.Subcommand;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Stream;

/// `weft bench produce | consume | …`.
public final class BenchCommands implements CommandGroup {
  @Override
  public String name() {
    return "bench";
  }

  @Override
  public String meaning() {
    return "Puts load on any Kafka-compatible address.";
  }

  @Override
  public List<Subcommand> subcommands(PrintWriter out) {
    return Stream.of(Bench.values())
        .map(
            bench ->
                new Subcommand(
                    bench.title,
                    bench.meaning,
                    BenchSettings.ALL,
                    BenchSettings.ALL,
                    settings -> bench.run(settings, out)))
        .toList();
  }
}
