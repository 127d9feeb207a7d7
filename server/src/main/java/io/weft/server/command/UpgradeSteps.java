package io.weft.server.command;

import io.weft.controlplane.api.ControlPlaneException.NotKnown;
import io.weft.controlplane.api.ControlPlaneException.Rejected;
import io.weft.controlplane.api.ControlPlaneException.Unavailable;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.api.admin.Releases.Greeting;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.rpc.RpcClientSettings;
import io.weft.controlplane.rpc.RpcPort;
import io.weft.environment.Environment;
import io.weft.rpc.HostPort;
import io.weft.server.address.Addresses;
import io.weft.server.settings.SettingException;
import io.weft.server.settings.Settings;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What an operator asks and says of an upgrade.
final class UpgradeSteps {
  private static final long ANSWER_MS = 5_000;

  private UpgradeSteps() {}

  static void show(Settings settings, PrintWriter out) {
    List<HostPort> addresses = addresses(settings);
    List<HostPort> answering = new ArrayList<>();
    for (HostPort each : addresses) {
      try {
        Optional<Greeting> greeting = greet(each);
        answering.add(each);
        out.printf("control plane %s: %s%n", each, described(greeting));
      } catch (Unavailable e) {
        out.printf("control plane %s: does not answer%n", each);
      } catch (Rejected e) {
        out.printf("control plane %s: refuses to answer: %s%n", each, e.getMessage());
      }
    }
    if (answering.isEmpty()) {
      throw new SettingException("No process of the control plane answers at these addresses.");
    }
    try (RpcPort port = connect(answering)) {
      Releases.Status status = port.as(Releases.class).describe();
      for (Releases.AgentLevel each : status.agents()) {
        out.printf(
            "agent %d: %s%n",
            each.agent().value(),
            each.level() == 0 ? "not heard from yet" : "level " + each.level());
      }
      out.printf("final: level %d%n", status.cluster());
      out.println(
          status.cluster() < status.leader()
              ? "Once every process knows level %d, 'weft upgrade finish' makes it final."
                  .formatted(status.leader())
              : "There is nothing to finish.");
    }
  }

  static void finish(Settings settings, PrintWriter out) {
    List<HostPort> addresses = addresses(settings);
    try (RpcPort port = connect(addresses)) {
      Releases releases = port.as(Releases.class);
      int level = releases.describe().leader();
      for (HostPort each : addresses) {
        int known = levelOf(each, level);
        if (known < level) {
          throw new SettingException(
              "Level %d cannot be final: the control plane at %s knows levels up to %d, it has to be upgraded first."
                  .formatted(level, each, known));
        }
      }
      releases.finish(level);
      out.printf("Level %d is final: earlier releases cannot be put back any more.%n", level);
    }
  }

  private static List<HostPort> addresses(Settings settings) {
    return Addresses.several("control.plane", settings.text("control.plane"));
  }

  private static int levelOf(HostPort address, int finalLevel) {
    try {
      return greet(address).map(Greeting::level).orElse(Levels.FIRST);
    } catch (Unavailable e) {
      throw new SettingException(
          "Level %d cannot be final: the control plane at %s does not answer."
              .formatted(finalLevel, address));
    }
  }

  private static String described(Optional<Greeting> greeting) {
    return greeting
        .map(said -> "release %s, level %d".formatted(said.release(), said.level()))
        .orElse("a release that knows level 1 alone");
  }

  /// What the process at this address says of itself, whether it leads or not.
  ///
  /// @return empty if it is of a release that knows the first level alone: it cannot say what it
  ///   calls itself
  private static Optional<Greeting> greet(HostPort address) {
    try (RpcPort port = connect(List.of(address))) {
      return Optional.of(port.as(Releases.class).greet(new Greeting(Levels.RELEASE, Levels.KNOWN)));
    } catch (NotKnown e) {
      return Optional.empty();
    }
  }

  private static RpcPort connect(List<HostPort> addresses) {
    RpcClientSettings usual = RpcClientSettings.defaults();
    return RpcPort.connect(
        addresses,
        new RpcClientSettings(
            usual.security(), ANSWER_MS, ANSWER_MS, usual.feedSilenceMs(), usual.messageBytesMax()),
        Environment.system());
  }
}
