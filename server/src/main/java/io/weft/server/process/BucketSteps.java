package io.weft.server.process;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.FileLedger.LeaseOutcome;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.Position;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.rpc.RpcClientSettings;
import io.weft.controlplane.rpc.RpcPort;
import io.weft.environment.Environment;
import io.weft.model.AgentId;
import io.weft.model.Zone;
import io.weft.rpc.HostPort;
import io.weft.server.address.Addresses;
import io.weft.server.metrics.Metrics;
import io.weft.server.metrics.Readiness;
import io.weft.server.settings.SettingException;
import io.weft.server.settings.Settings;
import io.weft.storage.bucket.BucketOwnership;
import io.weft.storage.bucket.BucketOwnership.Owner;
import io.weft.storage.file.FileOrigin;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.RetrySettings;
import java.io.PrintWriter;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Supplier;

/// What an operator does to a bucket by hand.
public final class BucketSteps {
  /// An address at which nobody answers: a process that skips ids serves no client.
  private static final String NO_HOST = "localhost";

  private static final int NO_PORT = 1;

  private BucketSteps() {}

  public static void show(Settings settings, PrintWriter out) {
    try (ObjectStore store = open(settings).retrying()) {
      BucketOwnership ownership = new BucketOwnership(store);
      out.println(
          switch (ownership.owner()) {
            case Owner.Cluster(String clusterId) -> "cluster: " + clusterId;
            case Owner.Nobody nobody -> "cluster: none";
            case Owner.Unreadable unreadable ->
                "cluster: unknown; the object 'owner' is not as it was written";
          });
      OptionalLong highest = ownership.highestFileNumber();
      out.println(
          "highest file id: " + (highest.isEmpty() ? "none" : Long.toString(highest.getAsLong())));
    }
  }

  public static void adopt(Settings settings, PrintWriter out) {
    String clusterId = settings.text("cluster");
    if (!FileOrigin.isClusterId(clusterId)) {
      throw new SettingException(
          "cluster is '%s'; a cluster's id has 1 to %d of A-Z a-z 0-9 . _ -."
              .formatted(clusterId, FileOrigin.CLUSTER_ID_CHARS_MAX));
    }
    try (ObjectStore store = open(settings).retrying()) {
      new BucketOwnership(store).adopt(clusterId);
    }
    out.println("The bucket belongs to cluster " + clusterId + " now.");
  }

  /// Leases ids until the highest that the bucket holds has been given. They expire unused, as
  /// those of an agent that has died.
  public static void skipIds(Settings settings, PrintWriter out) throws InterruptedException {
    Environment environment = Environment.system();
    List<HostPort> controlPlanes =
        Addresses.several("control.plane", settings.text("control.plane"));
    OpenStore bucket = open(settings);
    try (ObjectStore store = bucket.retrying();
        ControlPlane controlPlane =
            RpcPort.connect(controlPlanes, RpcClientSettings.defaults(), environment)) {
      String clusterId =
          ControlPlaneWait.awaitAnswer(controlPlanes, Levels.KNOWN, new Readiness(), environment);
      new BucketClaim(bucket, environment).claim(clusterId);
      OptionalLong highest = new BucketOwnership(store).highestFileNumber();
      if (highest.isEmpty()) {
        out.println("The bucket holds no file: there is no id to skip.");
        return;
      }
      refuseWhileServed(
          controlPlane
              .as(TopicCatalog.class)
              .page(Position.NOWHERE)
              .members()
              .orElseThrow()
              .agents());
      UUID instance =
          new UUID(environment.randomness().nextLong(), environment.randomness().nextLong());
      Supplier<AgentId> self =
          () ->
              controlPlane
                  .as(Membership.class)
                  .register(instance, Zone.NONE, NO_HOST, NO_PORT)
                  .id();
      try {
        long next = leasePast(highest.getAsLong(), controlPlane.as(FileLedger.class), self);
        out.printf(
            "The highest file id in the bucket is %d; the next one to be given is %d.%n",
            highest.getAsLong(), next);
      } finally {
        controlPlane.as(Membership.class).leave(self.get());
      }
    }
  }

  /// An agent that runs has ids of its own already, perhaps of files that are there.
  static void refuseWhileServed(List<Membership.Agent> agents) {
    if (!agents.isEmpty()) {
      Membership.Agent first = agents.getFirst();
      String where = "number %d at %s:%d".formatted(first.id().value(), first.host(), first.port());
      String which =
          agents.size() == 1
              ? "1 agent is registered with the control plane (%s): end it".formatted(where)
              : "%d agents are registered with the control plane (the first is %s): end all of them"
                  .formatted(agents.size(), where);
      throw new SettingException(
          which
              + ", and run this again. An agent that was killed stays registered for up to a"
              + " minute.");
    }
  }

  /// @param self registers this command or renews its registration: before every lease, since there
  ///   may be many
  /// @return the next id to be given
  static long leasePast(long highest, FileLedger ledger, Supplier<AgentId> self) {
    int count = 1;
    while (true) {
      switch (ledger.lease(self.get(), count)) {
        case LeaseOutcome.Leased leased -> {
          long next = leased.first() + leased.count();
          if (next > highest) {
            return next;
          }
          count = (int) Math.min(FileLedger.IDS_PER_LEASE_MAX, highest + 1 - next);
        }
        case LeaseOutcome.UnknownAgent() ->
            throw new SettingException(
                "The control plane has forgotten this command in the middle; run it again.");
      }
    }
  }

  private static OpenStore open(Settings settings) {
    return new Stores(new Metrics(), Environment.system())
        .open("bucket", "bucket", settings.text("bucket"), RetrySettings.FILES);
  }
}
