package io.weft.server.command;

import io.weft.controlplane.journal.JournalException;
import io.weft.controlplane.leader.inspect.JournalCheck;
import io.weft.controlplane.leader.inspect.JournalDump;
import io.weft.controlplane.leader.inspect.JournalReport;
import io.weft.controlplane.postgresql.JournalUrl;
import io.weft.environment.Environment;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.RetrySettings;
import io.weft.storage.object.RetryingObjectStore;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// `weft journal check` and `weft journal dump`: look into a control plane's journal, without
/// changing anything; a control plane may be at work on it.
final class JournalCommand {
  static final int EXIT_DAMAGED = 3;
  static final int EXIT_NEWER = 4;

  private JournalCommand() {}

  static CommandSpec spec() {
    CommandSpec journal = CommandSpec.create().name("journal");
    journal
        .usageMessage()
        .description(
            "Looks into a control plane's journal; changes nothing, and may run beside a leader.");
    journal.addOption(help());
    journal.addSubcommand(
        "check",
        one(
            "check",
            "Reads every entry and snapshot and says whether a control plane can start from them."
                + " Ends with 0 if all is well, 3 if something is damaged, 4 if a newer release"
                + " wrote it, 1 if there is nothing or it cannot be reached."));
    CommandSpec dump =
        one(
            "dump",
            "Prints entries and their records, without secrets. Names of topics, groups and users"
                + " are shown. Ends with the same numbers as check, for what is printed.");
    dump.addOption(number("--from", "the first entry that is printed (default 1)", "1"));
    dump.addOption(
        number("--to", "the last entry that is printed (default: all)", "" + Long.MAX_VALUE));
    journal.addSubcommand("dump", dump);
    return journal;
  }

  private static CommandSpec one(String name, String meaning) {
    CommandSpec spec = CommandSpec.create().name(name);
    spec.usageMessage().description(meaning);
    spec.addOption(help());
    spec.addOption(
        OptionSpec.builder("--journal")
            .paramLabel("URL")
            .type(String.class)
            .required(true)
            .description(
                "The journal's URL, as the control plane has it; of `weft dev`,"
                    + " file:<its data folder>/journal.")
            .build());
    return spec;
  }

  private static OptionSpec number(String name, String meaning, String byDefault) {
    return OptionSpec.builder(name)
        .paramLabel("ENTRY")
        .type(long.class)
        .defaultValue(byDefault)
        .description(meaning)
        .build();
  }

  private static OptionSpec help() {
    return OptionSpec.builder("-h", "--help").usageHelp(true).description("This.").build();
  }

  static int run(ParseResult journal, PrintWriter out, PrintWriter err) {
    if (!journal.hasSubcommand()) {
      err.println("Say what to do with the journal: weft journal check | dump.");
      return WeftCommand.EXIT_WRONG_USE;
    }
    ParseResult chosen = journal.subcommand();
    Integer helped = CommandLine.executeHelpRequest(chosen);
    if (helped != null) {
      return helped;
    }
    String url = chosen.matchedOptionValue("--journal", "");
    Environment environment = Environment.system();
    try (ObjectStore store =
        new RetryingObjectStore(
            JournalUrl.openToRead(url, environment), RetrySettings.JOURNAL, environment)) {
      return chosen.commandSpec().name().equals("check")
          ? check(store, environment, out)
          : dump(chosen, store, environment, out);
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      return WeftCommand.EXIT_WRONG_USE;
    } catch (ObjectStoreException | JournalException.Unavailable e) {
      err.println("The journal cannot be read: " + e.getMessage());
      return WeftCommand.EXIT_FAILED;
    } catch (JournalException.Unusable e) {
      err.println(e.getMessage());
      return e instanceof JournalException.Newer ? EXIT_NEWER : EXIT_DAMAGED;
    }
  }

  private static int check(ObjectStore store, Environment environment, PrintWriter out) {
    JournalReport report = JournalCheck.run(store, environment);
    report.lines().forEach(out::println);
    return exitCode(report.verdict());
  }

  private static int exitCode(JournalReport.Verdict verdict) {
    return switch (verdict) {
      case SOUND -> 0;
      case EMPTY -> WeftCommand.EXIT_FAILED;
      case DAMAGED -> EXIT_DAMAGED;
      case NEWER -> EXIT_NEWER;
    };
  }

  private static int dump(
      ParseResult chosen, ObjectStore store, Environment environment, PrintWriter out) {
    long from = chosen.commandSpec().findOption("--from").getValue();
    long to = chosen.commandSpec().findOption("--to").getValue();
    return exitCode(JournalDump.print(store, environment, out, Math.max(1, from), to));
  }
}
