package io.weft.server.process;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.command.CommandedControlPlane;
import io.weft.controlplane.leader.LeaderSeat;
import io.weft.controlplane.rpc.HostPort;
import io.weft.environment.Environment;
import io.weft.environment.ShutdownSignal;
import io.weft.server.metrics.Metrics;
import io.weft.server.settings.SettingException;
import io.weft.server.settings.Settings;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.RetrySettings;
import java.util.Optional;

/// `weft dev`: a control plane and an agent in one process, everything in one folder (or bucket).
public final class DevProcess {
  /// How long it waits for another process on the same data to go, or for its lease to end.
  private static final long LEASES_WAITED = 4;

  private DevProcess() {}

  public static void run(Settings settings) throws InterruptedException {
    Environment environment = Environment.system();
    String data = settings.text("data");
    HostPort listen = Addresses.one("host", settings.text("host") + ":" + settings.text("port"));
    ShutdownSignal signal = ShutdownSignal.install();
    try (OpenedParts parts = new OpenedParts()) {
      Metrics metrics = new Metrics();
      Stores stores = new Stores(metrics, environment);
      ObjectStore journal =
          stores.open("data", "journal", url(data, "journal"), RetrySettings.JOURNAL);
      parts.add(journal::close);
      ObjectStore records =
          stores.open("data", "bucket", url(data, "records"), RetrySettings.FILES);
      parts.add(records::close);
      Observed.at(settings, metrics, parts, environment);
      LeaderSeat seat =
          LeaderSeat.open(
              journal, ControlPlaneProcess.leaderSettings(settings, "dev", true), environment);
      parts.add(seat::close);
      metrics.addControlPlane(seat::figures);
      awaitLeading(seat, settings);
      ControlPlane controlPlane = new CommandedControlPlane(seat);
      forgetAgents(controlPlane);
      String clusterId = Patience.awaitAnswer(controlPlane, environment);
      ClusterBucket bucket =
          new BucketClaim(records, url(data, "records"), environment).claimWithFiles(clusterId);
      Agent agent = Agent.of(controlPlane, bucket, AgentSettings.of(settings, ""), environment);
      parts.add(agent::close);
      HostPort reached = agent.start(listen, Optional.empty(), metrics);
      System.out.println("Weft is ready: bootstrap.servers=" + reached);
      HaltedException.awaitEnd(agent.halted(), signal, environment);
    } finally {
      signal.release();
    }
  }

  private static void awaitLeading(LeaderSeat seat, Settings settings) {
    try {
      seat.awaitLeading(LEASES_WAITED * settings.whole("leader.lease.ms"));
    } catch (ControlPlaneException e) {
      throw new SettingException(
          "The data at '%s' is in use or cannot be read (%s); stop the other process or name another place with --data."
              .formatted(settings.text("data"), e.getMessage()));
    }
  }

  /// There is no agent but this process's own: one that is still known was killed, and clients need
  /// not wait for its lease to end.
  private static void forgetAgents(ControlPlane controlPlane) {
    controlPlane
        .topics()
        .read(-1)
        .ifPresent(
            catalog ->
                catalog.agents().forEach(agent -> controlPlane.membership().leave(agent.id())));
  }

  /// A part of the data folder or bucket, as a store of its own.
  private static String url(String data, String part) {
    int query = data.indexOf('?');
    String place = query < 0 ? data : data.substring(0, query);
    String options = query < 0 ? "" : data.substring(query);
    boolean folder = !place.matches("[a-z0-9]+:.*");
    // A store in memory has a name, not a path.
    String separator = place.startsWith("mem:") ? "-" : "/";
    return (folder ? "file:" : "") + place + separator + part + options;
  }
}
