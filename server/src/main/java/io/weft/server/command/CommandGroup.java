package io.weft.server.command;

import java.io.PrintWriter;
import java.util.List;

/// Commands that are typed behind a common word, such as `weft bucket show`. A module above this
/// one adds a group of its own by naming it in `META-INF/services`, with a constructor that takes
/// nothing.
public interface CommandGroup {
  /// As typed after `weft`.
  String name();

  /// One line for `--help`.
  String meaning();

  /// @param out where they print what they were asked for
  List<Subcommand> subcommands(PrintWriter out);
}
