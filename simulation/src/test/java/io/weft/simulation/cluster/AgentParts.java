package io.weft.simulation.cluster;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.ApiParts;
import io.weft.agent.api.ApiSettings;
import io.weft.agent.api.KafkaApi;
import io.weft.agent.api.ProduceHandler;
import io.weft.agent.api.cluster.ClusterHandlers;
import io.weft.agent.api.configs.ConfigHandlers;
import io.weft.agent.api.fetch.FetchHandler;
import io.weft.agent.api.fetch.FetchSessions;
import io.weft.agent.api.fetch.ListOffsetsHandler;
import io.weft.agent.api.fetch.OffsetForLeaderEpochHandler;
import io.weft.agent.api.fetch.SessionSettings;
import io.weft.agent.api.groups.GroupHandlers;
import io.weft.agent.api.share.ShareHandlers;
import io.weft.agent.api.share.ShareSessions;
import io.weft.agent.api.topics.TopicHandlers;
import io.weft.agent.api.transactions.TransactionHandlers;
import io.weft.agent.cache.Chunks;
import io.weft.agent.cache.LocalChunks;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.fetch.LogFetcher;
import io.weft.agent.fetch.OffsetSearch;
import io.weft.agent.fetch.TailIndex;
import io.weft.agent.fetch.TailSettings;
import io.weft.agent.membership.ClusterLedger;
import io.weft.agent.membership.Registration;
import io.weft.agent.produce.FileIds;
import io.weft.agent.produce.ProducePath;
import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.model.Zone;
import io.weft.storage.bucket.BucketOwnership;
import io.weft.storage.bucket.BucketOwnership.Owner;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import java.util.ArrayList;
import java.util.List;

/// All that an agent is made of, put together as the server does it, without a listener.
public final class AgentParts {
  private static final long DRAIN_MS = 20_000;
  private static final int SESSIONS_MAX = 3;
  private static final int SHARE_SESSIONS_MAX = 4;
  private static final int PORT = 9092;

  private final Registration registration;
  private final ProducePath produce;
  private final TailIndex tails;
  private final LocalChunks chunks;
  private final KafkaApi api;

  private AgentParts(
      ControlPlane controlPlane, ObjectStore store, AgentBuild build, Environment environment) {
    LiveCatalog catalog = new LiveCatalog(controlPlane.as(TopicCatalog.class));
    String clusterId = catalog.current().clusterId();
    registration =
        new Registration(controlPlane.as(Membership.class), environment, new Zone(""), clusterId);
    Owner owner = new BucketOwnership(store).claim(clusterId);
    if (owner instanceof Owner.Unreadable) {
      // Here every read may lie for as long as the weather lasts: it is started again until then.
      throw new ObjectStoreException.Unavailable("the bucket's mark cannot be read", null);
    }
    if (!owner.equals(new Owner.Cluster(clusterId))) {
      throw new RefusedException("of cluster %s: %s".formatted(clusterId, owner));
    }
    ClusterBucket bucket = new ClusterBucket(store, clusterId);
    chunks = new LocalChunks(bucket, build.cache());
    Chunks read = build.build().chunks(chunks);
    ClusterLedger ledger = new ClusterLedger(controlPlane.as(FileLedger.class), registration);
    FileIds ids = new FileIds(environment, ledger, registration, build.produce());
    produce =
        ProducePath.start(
            environment,
            bucket,
            controlPlane.as(Sequencer.class),
            ids,
            chunks::keepFresh,
            build.produce());
    tails =
        new TailIndex(
            controlPlane.feed(), registration, catalog, environment, TailSettings.STANDARD);
    tails.open();
    LogFetcher fetcher =
        new LogFetcher(tails, controlPlane.as(ExtentIndex.class), read, environment, build.fetch());
    OffsetSearch search =
        new OffsetSearch(controlPlane.as(ExtentIndex.class), read, environment, build.fetch());
    ApiParts shared =
        new ApiParts(catalog, controlPlane, registration, environment, ApiSettings.DEFAULTS);
    FetchSessions sessions =
        new FetchSessions(
            environment, new SessionSettings(SESSIONS_MAX, SessionSettings.STANDARD.staleMs()));
    List<ApiHandler> all = new ArrayList<>();
    all.addAll(ClusterHandlers.of(shared));
    all.addAll(TransactionHandlers.of(shared));
    all.addAll(TopicHandlers.of(shared));
    all.addAll(ConfigHandlers.of(shared));
    all.addAll(GroupHandlers.of(shared));
    all.addAll(ShareHandlers.of(shared, fetcher, search, new ShareSessions(SHARE_SESSIONS_MAX)));
    all.add(new ProduceHandler(environment, catalog, produce));
    all.add(new FetchHandler(catalog, fetcher, sessions, Zone.NONE));
    all.add(new ListOffsetsHandler(catalog, search));
    all.add(new OffsetForLeaderEpochHandler(catalog, search));
    api = new KafkaApi(catalog.current().clusterId(), all);
  }

  /// The bucket is not this cluster's.
  static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  /// Registers with the control plane.
  static AgentParts start(
      ControlPlane controlPlane,
      ObjectStore store,
      AgentBuild build,
      String host,
      Environment environment) {
    AgentParts parts = new AgentParts(controlPlane, store, build, environment);
    parts.registration.start(host, PORT);
    return parts;
  }

  /// Comes if it stops by itself, for good.
  Pending<String> halted() {
    return produce.halted();
  }

  public KafkaApi api() {
    return api;
  }

  void close() {
    registration.close();
    tails.close();
    try {
      produce.close(DRAIN_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
