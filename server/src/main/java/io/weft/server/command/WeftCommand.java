package io.weft.server.command;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.server.log.LibraryLogs;
import io.weft.server.process.AgentProcess;
import io.weft.server.process.ControlPlaneProcess;
import io.weft.server.process.DevProcess;
import io.weft.server.process.HaltedException;
import io.weft.server.process.StartException;
import io.weft.server.settings.Setting;
import io.weft.server.settings.SettingException;
import io.weft.server.settings.SettingReader;
import io.weft.server.settings.SettingTable;
import io.weft.server.settings.Settings;
import io.weft.server.settings.Version;
import io.weft.storage.object.ObjectStoreException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// The `weft` program: reads the command line, runs one command, says how it ended.
public final class WeftCommand {
  private static final Logger LOG = LoggerFactory.getLogger(WeftCommand.class);

  static final int EXIT_FAILED = 1;
  static final int EXIT_WRONG_USE = 2;
  static final int EXIT_BUG = 70;

  private static final List<Subcommand> SUBCOMMANDS =
      List.of(
          new Subcommand(
              "dev",
              "Runs everything in one process, with the data in a folder.",
              SettingTable.DEV_FIRST,
              SettingTable.DEV,
              DevProcess::run),
          new Subcommand(
              "control-plane",
              "Runs a control plane, which orders a cluster and keeps its journal.",
              SettingTable.CONTROL_PLANE_FIRST,
              SettingTable.CONTROL_PLANE,
              ControlPlaneProcess::run),
          new Subcommand(
              "agent",
              "Runs an agent, which answers Kafka clients.",
              SettingTable.AGENT_FIRST,
              SettingTable.AGENT,
              AgentProcess::run));

  private final Map<String, String> environment;
  private final PrintWriter out;
  private final PrintWriter err;
  private final List<CommandGroup> groups;

  public WeftCommand(Map<String, String> environment, PrintWriter out, PrintWriter err) {
    this.environment = environment;
    this.out = out;
    this.err = err;
    this.groups =
        Stream.concat(
                Stream.of(new BucketCommand(), new UpgradeCommand(), new TopicsCommand()),
                ServiceLoader.load(CommandGroup.class).stream().map(ServiceLoader.Provider::get))
            .toList();
  }

  public static void main(String[] arguments) {
    LibraryLogs.lead();
    Thread.setDefaultUncaughtExceptionHandler(WeftCommand::stopOnBug);
    int code =
        new WeftCommand(
                System.getenv(),
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8))
            .run(arguments);
    if (code != 0) {
      System.exit(code);
    }
  }

  /// A bug must not go on: what it left behind in memory cannot be trusted, and nothing acked is
  /// lost.
  private static void stopOnBug(Thread thread, Throwable bug) {
    LOG.error("stopping because of a bug in thread {}", thread.getName(), bug);
    Runtime.getRuntime().halt(EXIT_BUG);
  }

  /// @return the exit code
  public int run(String... arguments) {
    CommandLine line = commandLine().setOut(out).setErr(err);
    try {
      return line.execute(arguments);
    } finally {
      out.flush();
      err.flush();
    }
  }

  private CommandLine commandLine() {
    CommandSpec root =
        CommandSpec.create()
            .name("weft")
            .addOption(help())
            .addOption(
                OptionSpec.builder("-V", "--version")
                    .versionHelp(true)
                    .description("Which Weft this is.")
                    .build())
            .version("weft " + Version.TEXT);
    root.usageMessage()
        .description("A Kafka-compatible streaming system on object storage.")
        .footer(
            "", "bin/weft dev is all it takes to begin; weft COMMAND --help lists the settings.");
    for (Subcommand subcommand : SUBCOMMANDS) {
      root.addSubcommand(subcommand.name(), spec(subcommand));
    }
    root.addSubcommand("file", FileCommand.spec());
    for (CommandGroup group : groups) {
      root.addSubcommand(group.name(), spec(group));
    }
    root.addSubcommand("journal", JournalCommand.spec());
    root.addSubcommand("doctor", DoctorCommand.spec());
    root.addSubcommand("cost", CostCommand.spec());
    CommandLine line = new CommandLine(root);
    line.setExecutionStrategy(this::execute);
    line.setParameterExceptionHandler(WrongUse::answer);
    HelpLayout.applyTo(line);
    return line;
  }

  private CommandSpec spec(CommandGroup group) {
    CommandSpec spec = CommandSpec.create().name(group.name());
    spec.usageMessage().description(group.meaning());
    spec.addOption(help());
    for (Subcommand subcommand : group.subcommands(out)) {
      spec.addSubcommand(subcommand.name(), spec(subcommand));
    }
    return spec;
  }

  private static OptionSpec help() {
    return OptionSpec.builder("-h", "--help").usageHelp(true).description("This.").build();
  }

  private static CommandSpec spec(Subcommand subcommand) {
    CommandSpec spec = CommandSpec.wrapWithoutInspection(subcommand).name(subcommand.name());
    spec.usageMessage()
        .description(
            subcommand.meaning(),
            "Each option may also be set by an environment variable (WEFT_ and the name in"
                + " capitals) or in a YAML file.")
        .footer("", "What a bucket URL may look like, and its options: docs/stores.md.");
    spec.addOption(help());
    spec.addOption(
        OptionSpec.builder("--config")
            .paramLabel("FILE")
            .type(String.class)
            .description("A YAML file of settings (or WEFT_CONFIG).")
            .build());
    for (Setting setting : subcommand.settings()) {
      spec.addOption(option(setting));
    }
    return spec;
  }

  private static OptionSpec option(Setting setting) {
    String byDefault =
        setting
            .defaultText()
            .map(text -> text.isEmpty() ? "" : " (default " + text + ")")
            .orElse(" (needed)");
    return OptionSpec.builder(setting.option())
        .paramLabel("VALUE")
        .type(String.class)
        .description(setting.meaning() + byDefault)
        .build();
  }

  private int execute(ParseResult parsed) {
    Integer helped = CommandLine.executeHelpRequest(parsed);
    if (helped != null) {
      return helped;
    }
    if (!parsed.hasSubcommand()) {
      err.println(
          "Say which command: weft %s."
              .formatted(String.join(" | ", parsed.commandSpec().subcommands().keySet())));
      return EXIT_WRONG_USE;
    }
    ParseResult chosen = parsed.subcommand();
    if (chosen.commandSpec().userObject() instanceof Subcommand subcommand) {
      return runSubcommand(subcommand, chosen);
    }
    return switch (chosen.commandSpec().name()) {
      case "file" -> FileCommand.run(chosen, out, err);
      case "journal" -> JournalCommand.run(chosen, out, err);
      case "doctor" -> DoctorCommand.run(chosen, out, err);
      case "cost" -> CostCommand.run(chosen, out, err);
      default -> execute(chosen);
    };
  }

  private int runSubcommand(Subcommand subcommand, ParseResult parsed) {
    try {
      Map<String, String> flags = new HashMap<>();
      for (Setting setting : subcommand.settings()) {
        if (parsed.hasMatchedOption(setting.option())) {
          flags.put(setting.name(), parsed.matchedOptionValue(setting.option(), ""));
        }
      }
      Optional<Path> file =
          Optional.ofNullable(parsed.matchedOptionValue("--config", environment.get("WEFT_CONFIG")))
              .map(Path::of);
      Settings settings =
          new SettingReader(subcommand.settings(), known()).read(flags, environment, file);
      subcommand.body().run(settings);
      return 0;
    } catch (SettingException e) {
      err.println(e.getMessage());
      return EXIT_WRONG_USE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return EXIT_FAILED;
    } catch (RuntimeException e) {
      return failed(e);
    }
  }

  private List<Setting> known() {
    return Stream.concat(
            SettingTable.ALL.stream(),
            groups.stream()
                .flatMap(group -> group.subcommands(out).stream())
                .flatMap(subcommand -> subcommand.settings().stream()))
        .distinct()
        .toList();
  }

  /// The outside failed: one sentence. Anything else is a bug, and is shown whole.
  private int failed(RuntimeException failure) {
    if (failure instanceof StartException) {
      err.println(failure.getMessage());
      return EXIT_FAILED;
    }
    if (failure instanceof UncheckedIOException
        || failure instanceof ControlPlaneException
        || failure instanceof HaltedException
        || failure instanceof ObjectStoreException
        || failure instanceof KafkaException) {
      Throwable cause = failure.getCause();
      err.println(failure.getMessage() + (cause == null ? "" : ": " + cause.getMessage()));
      return EXIT_FAILED;
    }
    LOG.error("stopping because of a bug", failure);
    return EXIT_BUG;
  }
}
