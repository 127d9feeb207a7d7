package io.weft.server.process;

import io.weft.agent.membership.AgentPlace;
import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Membership.Advertised;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.Page;
import io.weft.controlplane.api.TopicCatalog.Position;
import io.weft.controlplane.leader.LeaderSeat;
import io.weft.environment.Environment;
import io.weft.environment.ShutdownSignal;
import io.weft.server.address.Addresses;
import io.weft.server.address.ClientListeners;
import io.weft.server.metrics.Metrics;
import io.weft.server.metrics.Readiness;
import io.weft.server.settings.SettingException;
import io.weft.server.settings.Settings;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.object.RetrySettings;
import io.weft.storage.object.probe.StoreProbe;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `weft dev`: a control plane and an agent in one process, everything in one folder (or bucket).
public final class DevProcess {
  private static final Logger LOG = LoggerFactory.getLogger(DevProcess.class);

  /// How long it waits for another process on the same data to go, or for its lease to end.
  private static final long LEASES_WAITED = 4;

  /// Having waited for so long, it says that it waits.
  private static final long SOON_MS = 1_000;

  private DevProcess() {}

  public static void run(Settings settings) throws InterruptedException {
    Environment environment = Environment.system();
    DataFolder data = new DataFolder(settings.text("data"));
    ClientListeners listeners =
        ClientListeners.plain(
            Addresses.one("host", settings.text("host") + ":" + settings.text("port")),
            Optional.empty());
    ShutdownSignal signal = ShutdownSignal.install();
    try (OpenedParts parts = new OpenedParts();
        ShutdownSignal.Start _ = signal.start()) {
      Metrics metrics = new Metrics();
      Readiness readiness = new Readiness();
      data.lock().ifPresent(parts::add);
      Stores stores = new Stores(metrics, environment);
      OpenStore journal =
          stores.open("data", "journal", data.url("journal"), RetrySettings.JOURNAL);
      parts.add(journal.retrying()::close);
      OpenStore records = stores.open("data", "bucket", data.url("records"), RetrySettings.FILES);
      parts.add(records.retrying()::close);
      StartReport.log(settings, List.of(journal, records));
      MetricsExport.start(settings, metrics, readiness, parts, environment);
      FirstAnswer.await(journal, readiness, environment);
      FirstAnswer.await(records, readiness, environment);
      SoundStore.await(journal, StoreProbe::ofJournal, environment);
      SoundStore.await(records, StoreProbe::ofRecords, environment);
      LeaderSeat seat =
          LeaderSeat.open(
              journal.retrying(),
              ControlPlaneProcess.leaderSettings(settings, "dev", true),
              environment);
      parts.add(seat::close);
      metrics.addControlPlane(seat::figures, seat::sums);
      readiness.follow(seat::whyUnled);
      awaitLeading(seat, settings);
      ControlPlane controlPlane = seat;
      Page catalog = controlPlane.as(TopicCatalog.class).page(Position.NOWHERE);
      forgetAgents(catalog, controlPlane.as(Membership.class));
      ClusterBucket files =
          new BucketClaim(records, environment).claimWithFiles(catalog.clusterId());
      Agent agent =
          Agent.of(
              controlPlane,
              files,
              AgentOptions.of(settings, AgentPlace.ANYWHERE, listeners),
              environment);
      parts.add(agent::close);
      readiness.waitFor("this agent's registration");
      List<Advertised> reached =
          Listening.at("--port (or --host)", () -> agent.start(listeners, metrics));
      readiness.follow(() -> seat.whyUnled().or(agent::whyUnready));
      System.out.println("Weft is ready: bootstrap.servers=" + ClientListeners.text(reached));
      HaltedException.awaitEnd(agent.halted(), readiness, signal, environment);
    } finally {
      signal.release();
    }
  }

  private static void awaitLeading(LeaderSeat seat, Settings settings) {
    long leaseMs = settings.whole("leader.lease.ms");
    try {
      seat.awaitLeading(SOON_MS);
      return;
    } catch (ControlPlaneException e) {
      LOG.info(
          "waiting for up to {} ms: the process that last used '{}' was killed, or is still running"
              + " ({})",
          LEASES_WAITED * leaseMs,
          settings.text("data"),
          e.getMessage());
    }
    try {
      seat.awaitLeading(LEASES_WAITED * leaseMs);
    } catch (ControlPlaneException e) {
      throw new SettingException(
          "The data at '%s' is in use or cannot be read (%s); stop the other process or name another place with --data."
              .formatted(settings.text("data"), e.getMessage()));
    }
  }

  /// There is no agent but this process's own: one that is still known was killed, and clients need
  /// not wait for its lease to end.
  private static void forgetAgents(Page catalog, Membership membership) {
    catalog
        .members()
        .ifPresent(known -> known.agents().forEach(agent -> membership.leave(agent.id())));
  }
}
