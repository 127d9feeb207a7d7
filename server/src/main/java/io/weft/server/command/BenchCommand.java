package io.weft.server.command;

import io.weft.server.bench.Bench;
import io.weft.server.settings.SettingTable;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Stream;

/// `weft bench produce | consume | …`.
final class BenchCommand {
  private BenchCommand() {}

  static List<Subcommand> all(PrintWriter out) {
    return Stream.of(Bench.values())
        .map(
            bench ->
                new Subcommand(
                    bench.title,
                    bench.meaning,
                    SettingTable.BENCH,
                    SettingTable.BENCH,
                    settings -> bench.run(settings, out)))
        .toList();
  }
}
