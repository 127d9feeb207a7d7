package io.weft.server.command;

import io.weft.server.settings.Setting;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/// How `--help` looks: what most need stands first, and the options' names are not listed twice.
final class HelpLayout {
  private HelpLayout() {}

  /// For a command and all below it.
  static void applyTo(CommandLine line) {
    CommandSpec spec = line.getCommandSpec();
    spec.usageMessage().sortOptions(false).abbreviateSynopsis(true);
    if (spec.userObject() instanceof Subcommand subcommand) {
      line.getHelpSectionMap()
          .put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, help -> options(help, subcommand));
    }
    line.getSubcommands().values().forEach(HelpLayout::applyTo);
  }

  private static String options(Help help, Subcommand subcommand) {
    List<String> first = subcommand.first().stream().map(Setting::option).toList();
    List<OptionSpec> most = new ArrayList<>();
    List<OptionSpec> general = new ArrayList<>();
    List<OptionSpec> others = new ArrayList<>();
    List<String> all = subcommand.settings().stream().map(Setting::option).toList();
    for (OptionSpec option : help.commandSpec().options()) {
      if (first.contains(option.longestName())) {
        most.add(option);
      } else if (all.contains(option.longestName())) {
        others.add(option);
      } else {
        general.add(option);
      }
    }
    most.addAll(general);
    String list = list(help, most);
    return others.isEmpty() ? list : "%s%nAll others:%n%s".formatted(list, list(help, others));
  }

  private static String list(Help help, List<OptionSpec> options) {
    Help.Layout layout = help.createDefaultLayout();
    layout.addOptions(options, help.createDefaultParamLabelRenderer());
    return layout.toString();
  }
}
