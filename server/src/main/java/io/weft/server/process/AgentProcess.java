package io.weft.server.process;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.command.CommandedControlPlane;
import io.weft.controlplane.rpc.HostPort;
import io.weft.controlplane.rpc.RpcClientSettings;
import io.weft.controlplane.rpc.RpcPort;
import io.weft.environment.Environment;
import io.weft.environment.ShutdownSignal;
import io.weft.server.metrics.Metrics;
import io.weft.server.settings.Settings;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.RetrySettings;
import java.util.Optional;

/// `weft agent`: an agent in a process of its own.
public final class AgentProcess {
  private AgentProcess() {}

  public static void run(Settings settings) throws InterruptedException {
    Environment environment = Environment.system();
    HostPort listen = Addresses.one("listen", settings.text("listen"));
    Optional<HostPort> advertise =
        Optional.of(settings.text("advertise"))
            .filter(text -> !text.isEmpty())
            .map(text -> Addresses.one("advertise", text));
    ShutdownSignal signal = ShutdownSignal.install();
    try (OpenedParts parts = new OpenedParts()) {
      Metrics metrics = new Metrics();
      ObjectStore store =
          new Stores(metrics, environment)
              .open("bucket", "bucket", settings.text("bucket"), RetrySettings.FILES);
      parts.add(store::close);
      Observed.at(settings, metrics, parts, environment);
      ControlPlane controlPlane =
          new CommandedControlPlane(
              RpcPort.connect(
                  Addresses.several("control.plane", settings.text("control.plane")),
                  RpcClientSettings.defaults(),
                  environment));
      parts.add(controlPlane::close);
      AgentSettings agentSettings = AgentSettings.of(settings, settings.text("zone"));
      String clusterId = Patience.awaitAnswer(controlPlane, environment);
      ClusterBucket bucket =
          new BucketClaim(store, settings.text("bucket"), environment).claim(clusterId);
      Agent agent = Agent.of(controlPlane, bucket, agentSettings, environment);
      parts.add(agent::close);
      HostPort reached = agent.start(listen, advertise, metrics);
      System.out.println("Weft is ready: bootstrap.servers=" + reached);
      HaltedException.awaitEnd(agent.halted(), signal, environment);
    } finally {
      signal.release();
    }
  }
}
