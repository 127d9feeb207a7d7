package io.weft.server.command;

import io.weft.controlplane.api.ControlPlaneException.Rejected;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.api.admin.Releases.Greeting;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.rpc.RpcClientSettings;
import io.weft.controlplane.rpc.RpcPort;
import io.weft.environment.Environment;
import io.weft.rpc.HostPort;
import io.weft.server.process.Addresses;
import io.weft.server.settings.SettingException;
import io.weft.server.settings.Settings;
import java.io.PrintWriter;
import java.util.List;

/// What an operator asks and says of an upgrade.
final class UpgradeSteps {
  private static final long ANSWER_MS = 5_000;

  /// What it calls itself is not known.
  private static final String RELEASE_BEFORE = "before levels";

  private UpgradeSteps() {}

  static void show(Settings settings, PrintWriter out) {
    List<HostPort> addresses = addresses(settings);
    for (HostPort each : addresses) {
      Greeting said = greet(each);
      out.printf("control plane %s: release %s, level %d%n", each, said.release(), said.level());
    }
    try (RpcPort port = connect(addresses)) {
      Releases.Status status = port.as(Releases.class).describe();
      for (Releases.AgentLevel each : status.agents()) {
        out.printf(
            "agent %d: %s%n",
            each.agent().value(), each.level() == 0 ? "not heard yet" : "level " + each.level());
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
        int known = greet(each).level();
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

  /// What the process at this address says of itself, whether it leads or not.
  private static Greeting greet(HostPort address) {
    try (RpcPort port = connect(List.of(address))) {
      return port.as(Releases.class).greet(new Greeting(Levels.RELEASE, Levels.KNOWN));
    } catch (Rejected e) {
      return new Greeting(RELEASE_BEFORE, Levels.FIRST);
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
