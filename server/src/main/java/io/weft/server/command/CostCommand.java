package io.weft.server.command;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.environment.Environment;
import io.weft.rpc.HostPort;
import io.weft.server.address.Addresses;
import io.weft.server.cost.CostReport;
import io.weft.server.cost.PlanOptions;
import io.weft.server.settings.SettingException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// `weft cost` and `weft cost plan`: what a cluster's stores cost.
///
/// They end with 0, with 1 if a process cannot be asked, with 2 if an option or a price table is
/// wrong.
final class CostCommand {
  private static final String PLAN = "plan";
  private static final String PRICES = "s3-standard";
  private static final int PROCESSES_MAX = 1_000;

  private CostCommand() {}

  static CommandSpec spec() {
    CommandSpec cost = CommandSpec.create().name("cost");
    cost.usageMessage()
        .description(
            "Says what a running cluster costs: each request and byte that its processes count"
                + " for a while, by store and purpose, by a table of prices; beside it, the same"
                + " load on Kafka in three zones.",
            "Ends with 0, with 1 if a process cannot be asked, with 2 if an option is wrong.");
    cost.addOption(help());
    cost.addOption(
        text("--metrics", "HOST:PORT,…", "", "Where agents and control planes show metrics."));
    cost.addOption(
        text(
            "--control-plane",
            "HOST:PORT,…",
            "",
            "Asked for what topics have, for the cost of storage and of each topic."));
    cost.addOption(
        text("--stored", "BYTES", "0B", "What is stored, if the control plane is not asked."));
    cost.addOption(text("--over", "TIME", "60s", "How long is counted."));
    prices(cost);
    CommandSpec plan = CommandSpec.create().name(PLAN);
    plan.usageMessage()
        .description(
            "Predicts what a cluster would cost, by the same prices; docs/cost.md has the formula.",
            "Ends with 0, or with 2 if an option is wrong.");
    plan.addOption(help());
    for (PlanOptions.Option option : PlanOptions.ALL) {
      plan.addOption(text(option.name(), "VALUE", option.byDefault(), option.meaning()));
    }
    prices(plan);
    cost.addSubcommand(PLAN, plan);
    return cost;
  }

  private static void prices(CommandSpec spec) {
    spec.addOption(
        text(
            "--prices",
            "TABLE",
            PRICES,
            "s3-standard, s3-express, gcs, r2, tigris, azure, or a YAML file (docs/cost.md)."));
    spec.addOption(text("--journal-prices", "TABLE", "", "The same, of the journal's store."));
    spec.addOption(
        flag("--follower-fetching", "Kafka's consumers, for comparison, read in their zone."));
    spec.addOption(flag("--json", "Prints the bill as one line of JSON."));
  }

  private static OptionSpec help() {
    return OptionSpec.builder("-h", "--help").usageHelp(true).description("This.").build();
  }

  private static OptionSpec text(String name, String label, String byDefault, String meaning) {
    return OptionSpec.builder(name)
        .paramLabel(label)
        .type(String.class)
        .description(meaning + (byDefault.isEmpty() ? "" : " (default " + byDefault + ")"))
        .build();
  }

  private static OptionSpec flag(String name, String meaning) {
    return OptionSpec.builder(name).type(boolean.class).arity("0").description(meaning).build();
  }

  static int run(ParseResult cost, PrintWriter out, PrintWriter err) {
    try {
      if (cost.hasSubcommand()) {
        plan(cost.subcommand(), out);
      } else {
        live(cost, out);
      }
      return 0;
    } catch (SettingException e) {
      err.println(e.getMessage());
      return WeftCommand.EXIT_WRONG_USE;
    } catch (UncheckedIOException e) {
      err.println(e.getMessage() + " (" + e.getCause().getMessage() + ")");
      return WeftCommand.EXIT_FAILED;
    } catch (ControlPlaneException e) {
      err.println("The control plane cannot be asked: " + e.getMessage());
      return WeftCommand.EXIT_FAILED;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return WeftCommand.EXIT_FAILED;
    }
  }

  private static void live(ParseResult cost, PrintWriter out) throws InterruptedException {
    CostReport report = report(cost, out);
    String processes = cost.matchedOptionValue("--metrics", "");
    if (processes.isEmpty()) {
      throw new SettingException(
          "--metrics is not given: it says where agents and control planes show their metrics, as"
              + " agent-1:9100,agent-2:9100 (see --metrics-listen).");
    }
    String controlPlanes = cost.matchedOptionValue("--control-plane", "");
    report.live(
        processes(processes),
        controlPlanes.isEmpty() ? List.of() : Addresses.several("--control-plane", controlPlanes),
        CostReport.bytes("--stored", cost.matchedOptionValue("--stored", "0B")),
        CostReport.seconds("--over", cost.matchedOptionValue("--over", "60s")),
        Environment.system());
  }

  /// Each once: a process that is asked twice would be billed twice.
  private static List<HostPort> processes(String text) {
    List<HostPort> processes = Addresses.several("--metrics", text);
    if (processes.size() > PROCESSES_MAX) {
      throw new SettingException(
          "--metrics names %d processes; it must be %d at most."
              .formatted(processes.size(), PROCESSES_MAX));
    }
    Set<HostPort> seen = new HashSet<>();
    for (HostPort each : processes) {
      if (!seen.add(each)) {
        throw new SettingException(
            "--metrics names %s more than once; name each process once.".formatted(each));
      }
    }
    return processes;
  }

  private static void plan(ParseResult plan, PrintWriter out) {
    Map<String, String> texts = new HashMap<>();
    for (PlanOptions.Option option : PlanOptions.ALL) {
      if (plan.hasMatchedOption(option.name())) {
        texts.put(option.name(), plan.matchedOptionValue(option.name(), ""));
      }
    }
    report(plan, out).plan(new PlanOptions(texts));
  }

  private static CostReport report(ParseResult options, PrintWriter out) {
    String prices = options.matchedOptionValue("--prices", PRICES);
    return new CostReport(
        prices,
        options.matchedOptionValue("--journal-prices", prices),
        options.hasMatchedOption("--follower-fetching"),
        options.hasMatchedOption("--json"),
        out);
  }
}
