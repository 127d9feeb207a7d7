package io.weft.server.process;

import io.weft.agent.membership.AgentPlace;
import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.Membership.Advertised;
import io.weft.controlplane.rpc.RpcClientSettings;
import io.weft.controlplane.rpc.RpcPort;
import io.weft.environment.Environment;
import io.weft.environment.ShutdownSignal;
import io.weft.rpc.HostPort;
import io.weft.server.address.Addresses;
import io.weft.server.address.Addresses.NeighbourListen;
import io.weft.server.address.ClientListeners;
import io.weft.server.metrics.Metrics;
import io.weft.server.metrics.Readiness;
import io.weft.server.place.PlaceSettings;
import io.weft.server.settings.Settings;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.object.probe.StoreProbe;
import java.util.List;
import java.util.Optional;

/// `weft agent`: an agent in a process of its own.
public final class AgentProcess {
  private AgentProcess() {}

  public static void run(Settings settings) throws InterruptedException {
    Environment environment = Environment.system();
    ClientListeners listeners =
        ClientListeners.of(settings.text("listen"), settings.text("advertise"));
    Optional<NeighbourListen> neighbours =
        NeighbourListen.of(settings.text(NeighbourListen.SETTING), listeners.main().listen());
    List<HostPort> controlPlanes =
        Addresses.several("control.plane", settings.text("control.plane"));
    ShutdownSignal signal = ShutdownSignal.install();
    try (OpenedParts parts = new OpenedParts();
        ShutdownSignal.Start _ = signal.start()) {
      AgentPlace place = PlaceSettings.read(settings, environment);
      Metrics metrics = new Metrics();
      Readiness readiness = new Readiness();
      Stores.Records records = new Stores(metrics, environment).records(settings);
      records.each().forEach(store -> parts.add(store.retrying()::close));
      StartReport.log(settings, records.each());
      MetricsExport.start(settings, metrics, readiness, parts, environment);
      for (OpenStore store : records.each()) {
        FirstAnswer.await(store, readiness, environment);
        SoundStore.await(store, StoreProbe::ofRecords, environment);
      }
      int level = settings.number("format.level");
      String clusterId = ControlPlaneWait.awaitAnswer(controlPlanes, level, readiness, environment);
      ControlPlane controlPlane =
          RpcPort.connect(controlPlanes, RpcClientSettings.defaults(), level, environment);
      parts.add(controlPlane::close);
      ClusterBucket files = BucketClaim.claim(records, clusterId, environment);
      AgentOptions options = AgentOptions.of(settings, place, listeners);
      Agent agent = Agent.of(controlPlane, files, options, neighbours, environment);
      parts.add(agent::close);
      List<Advertised> reached = Listening.at("--listen", () -> agent.start(listeners, metrics));
      readiness.follow(agent::whyUnready);
      System.out.println("Weft is ready: bootstrap.servers=" + ClientListeners.text(reached));
      HaltedException.awaitEnd(agent.halted(), readiness, signal, environment);
    } finally {
      signal.release();
    }
  }
}
