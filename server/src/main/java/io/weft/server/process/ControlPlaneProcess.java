package io.weft.server.process;

import io.weft.controlplane.leader.LeaderSeat;
import io.weft.controlplane.leader.LeaderSettings;
import io.weft.controlplane.rpc.RpcServer;
import io.weft.controlplane.rpc.RpcServerSettings;
import io.weft.environment.Environment;
import io.weft.environment.ShutdownSignal;
import io.weft.rpc.HostPort;
import io.weft.server.address.Addresses;
import io.weft.server.metrics.Metrics;
import io.weft.server.metrics.Readiness;
import io.weft.server.settings.CoordinatorSettings;
import io.weft.server.settings.Setting;
import io.weft.server.settings.SettingException;
import io.weft.server.settings.Settings;
import io.weft.storage.object.RetrySettings;
import io.weft.storage.object.probe.StoreProbe;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// `weft control-plane`: the control plane in a process of its own. Any number may run on one
/// journal; one leads and the others stand by.
public final class ControlPlaneProcess {
  private ControlPlaneProcess() {}

  public static void run(Settings settings) throws InterruptedException {
    Environment environment = Environment.system();
    HostPort listen = Addresses.one("listen", settings.text("listen"));
    ShutdownSignal signal = ShutdownSignal.install();
    try (OpenedParts parts = new OpenedParts();
        ShutdownSignal.Start _ = signal.start()) {
      Metrics metrics = new Metrics();
      Readiness readiness = new Readiness();
      OpenStore journal =
          new Stores(metrics, environment)
              .open("journal", "journal", settings.text("journal"), RetrySettings.JOURNAL);
      parts.add(journal.retrying()::close);
      StartReport.log(settings, List.of(journal));
      MetricsExport.start(settings, metrics, readiness, parts, environment);
      FirstAnswer.await(journal, readiness, environment);
      SoundStore.await(journal, StoreProbe::ofJournal, environment);
      LeaderSeat seat =
          LeaderSeat.open(
              journal.retrying(), leaderSettings(settings, listen.toString(), false), environment);
      parts.add(seat::close);
      metrics.addControlPlane(seat::figures, seat::sums);
      RpcServer server =
          Listening.at(
              "--listen",
              () ->
                  RpcServer.start(
                      seat,
                      RpcServerSettings.at(listen),
                      settings.number("format.level"),
                      environment));
      parts.add(server::close);
      readiness.follow(seat::whyUnled);
      seat.awaitLed();
      System.out.println(
          "Weft is ready: control.plane=" + new HostPort(listen.host(), server.port()));
      signal.await();
      readiness.drain();
    } finally {
      signal.release();
    }
  }

  /// @param sole whether nobody else stands by for this journal
  static LeaderSettings leaderSettings(Settings settings, String name, boolean sole) {
    LeaderSettings defaults = LeaderSettings.standard(name, sole);
    LeaderSettings.Timing timing = defaults.timing();
    LeaderSettings.Limits limits = defaults.limits();
    return new LeaderSettings(
        name,
        sole,
        new LeaderSettings.Timing(
            settings.whole("leader.lease.ms"),
            Math.min(timing.pollIntervalMs(), settings.whole("leader.lease.ms") / 4),
            timing.commandDeadlineMs(),
            settings.whole("agent.lease.ms"),
            timing.fileIdLeaseMs(),
            timing.producerIdleMs(),
            settings.whole("file.delete.grace.ms")),
        new LeaderSettings.Limits(
            limits.commandsQueuedMax(),
            limits.commandsPerTurnMax(),
            limits.turnBytesMax(),
            limits.feedEventsMax(),
            settings.whole("snapshot.every.entries"),
            limits.snapshotEveryBytes()),
        defaults.journal().atLevel(settings.number("format.level")),
        settings.whole("low.latency.max.ms"),
        coordinators(settings),
        settings.whole("topic.undelete.ms"));
  }

  private static Map<String, String> coordinators(Settings settings) {
    Map<String, String> values = new TreeMap<>();
    for (Setting setting : CoordinatorSettings.ALL) {
      values.put(setting.name(), settings.text(setting.name()));
    }
    LeaderSettings.flawOf(values)
        .ifPresent(
            flaw -> {
              throw new SettingException(
                  "The settings of groups do not go together: %s.".formatted(flaw));
            });
    return values;
  }
}
