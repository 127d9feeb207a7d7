package io.weft.server.command;

import io.weft.server.settings.Suggestion;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// What a wrong command line is answered with: the help of the one option that was meant, and the
/// mistake last, where it is not scrolled away.
final class WrongUse {
  private WrongUse() {}

  static int answer(ParameterException mistake, String[] arguments) {
    CommandLine line = mistake.getCommandLine();
    PrintWriter err = line.getErr();
    Optional<OptionSpec> meant = meant(mistake, line.getCommandSpec());
    meant.ifPresent(option -> err.print(help(line.getHelp(), option)));
    err.println(
        "%s (weft %s lists what there is)."
            .formatted(
                sentence(mistake, meant, line.getSubcommands().keySet()),
                path(line.getCommandSpec())));
    return WeftCommand.EXIT_WRONG_USE;
  }

  private static Optional<OptionSpec> meant(ParameterException mistake, CommandSpec spec) {
    if (mistake instanceof UnmatchedArgumentException unmatched) {
      return unmatched.getUnmatched().stream()
          .filter(word -> word.startsWith("-"))
          .findFirst()
          .flatMap(word -> nearest(word, spec));
    }
    Stream<ArgSpec> named =
        mistake instanceof MissingParameterException missing
            ? missing.getMissing().stream()
            : Stream.ofNullable(mistake.getArgSpec());
    return named.filter(OptionSpec.class::isInstance).map(OptionSpec.class::cast).findFirst();
  }

  private static Optional<OptionSpec> nearest(String word, CommandSpec spec) {
    String name = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
    return Suggestion.nearest(name, "--", List.copyOf(spec.optionsMap().keySet()))
        .map(spec.optionsMap()::get);
  }

  private static String sentence(
      ParameterException mistake, Optional<OptionSpec> meant, Set<String> commands) {
    if (mistake instanceof UnmatchedArgumentException unmatched) {
      String word = unmatched.getUnmatched().getFirst();
      String what = word.startsWith("-") ? "option" : "command";
      Optional<String> near =
          meant
              .map(OptionSpec::longestName)
              .or(() -> Suggestion.nearest(word, "", List.copyOf(commands)));
      return "'%s' is no %s here%s"
          .formatted(word, what, near.map(name -> "; did you mean %s?".formatted(name)).orElse(""));
    }
    return mistake.getMessage();
  }

  private static String help(Help help, OptionSpec option) {
    Help.Layout layout = help.createDefaultLayout();
    layout.addOption(option, help.createDefaultParamLabelRenderer());
    return layout.toString();
  }

  private static String path(CommandSpec spec) {
    String name = spec.qualifiedName();
    return name.contains(" ") ? name.substring(name.indexOf(' ') + 1) + " --help" : "--help";
  }
}
