package io.weft.server.process;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.ApiParts;
import io.weft.agent.api.KafkaApi;
import io.weft.agent.api.ProduceHandler;
import io.weft.agent.api.cluster.ClusterHandlers;
import io.weft.agent.api.configs.ConfigHandlers;
import io.weft.agent.api.credentials.CredentialHandlers;
import io.weft.agent.api.fetch.FetchHandler;
import io.weft.agent.api.fetch.FetchSessions;
import io.weft.agent.api.fetch.ListOffsetsHandler;
import io.weft.agent.api.fetch.OffsetForLeaderEpochHandler;
import io.weft.agent.api.groups.GroupHandlers;
import io.weft.agent.api.quotas.QuotaHandlers;
import io.weft.agent.api.share.ShareHandlers;
import io.weft.agent.api.share.ShareSessions;
import io.weft.agent.api.telemetry.PushedMetrics;
import io.weft.agent.api.telemetry.TelemetryHandlers;
import io.weft.agent.api.topics.TopicHandlers;
import io.weft.agent.api.transactions.TransactionHandlers;
import io.weft.agent.cache.LocalChunks;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.fetch.LogFetcher;
import io.weft.agent.fetch.OffsetSearch;
import io.weft.agent.fetch.TailIndex;
import io.weft.agent.fetch.TailSettings;
import io.weft.agent.membership.ClusterLedger;
import io.weft.agent.membership.Registration;
import io.weft.agent.network.Listener;
import io.weft.agent.produce.FileIds;
import io.weft.agent.produce.ProducePath;
import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.rpc.HostPort;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.server.metrics.AgentFigures;
import io.weft.server.metrics.CountedRequests;
import io.weft.server.metrics.Metrics;
import io.weft.storage.bucket.ClusterBucket;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A running agent: everything it is made of, from the socket to the store.
final class Agent implements AutoCloseable {
  /// How long files under way may take when the agent is closed.
  private static final long DRAIN_MS = 20_000;

  /// As Kafka's default of `group.share.max.share.sessions`.
  private static final int SHARE_SESSIONS_MAX = 2_000;

  private final OpenedParts parts = new OpenedParts();
  private final ControlPlane controlPlane;
  private final ClusterBucket bucket;
  private final AgentSettings settings;
  private final Environment environment;
  private final Registration registration;
  private final PushedMetrics pushed;
  private final Pending<String> halted = new Pending<>();

  private Agent(
      ControlPlane controlPlane,
      ClusterBucket bucket,
      AgentSettings settings,
      Environment environment) {
    this.controlPlane = controlPlane;
    this.bucket = bucket;
    this.settings = settings;
    this.environment = environment;
    this.pushed = new PushedMetrics(environment.clock());
    this.registration =
        new Registration(
            controlPlane.as(Membership.class), environment, settings.zone(), bucket.clusterId());
  }

  /// @param bucket whose it is has been compared with what this control plane says
  static Agent of(
      ControlPlane controlPlane,
      ClusterBucket bucket,
      AgentSettings settings,
      Environment environment) {
    return new Agent(controlPlane, bucket, settings, environment);
  }

  /// Registers with the control plane and accepts clients.
  ///
  /// @param advertise where clients reach it, if that is not where it listens
  /// @param metrics where its figures are to be shown
  /// @return where clients reach it
  HostPort start(HostPort listen, Optional<HostPort> advertise, Metrics metrics) {
    LiveCatalog catalog = new LiveCatalog(controlPlane.as(TopicCatalog.class));
    LocalChunks chunks = new LocalChunks(bucket, settings.cache());
    ProducePath produce = producePath(chunks);
    KafkaApi api = new KafkaApi(catalog.current().clusterId(), handlers(catalog, chunks, produce));
    CountedRequests requests = new CountedRequests(api);
    Listener listener =
        new Listener(
            new InetSocketAddress(listen.host(), listen.port()),
            environment,
            api.offered(),
            requests,
            settings.network());
    parts.add(listener::close);
    metrics.addAgent(
        new AgentFigures(
            requests, produce.figures()::read, chunks::figures, listener::figures, pushed));
    HostPort reached = advertise.orElseGet(() -> new HostPort(listen.host(), listener.port()));
    registration.start(reached.host(), reached.port());
    parts.add(registration::close);
    // The copy from before the registration would send the first clients nowhere.
    catalog.fresh();
    listener.start();
    return reached;
  }

  private ProducePath producePath(LocalChunks chunks) {
    ClusterLedger ledger = new ClusterLedger(controlPlane.as(FileLedger.class), registration);
    FileIds ids = new FileIds(environment, ledger, registration, settings.produce());
    ProducePath produce =
        ProducePath.start(
            environment,
            bucket,
            controlPlane.as(Sequencer.class),
            ids,
            chunks::keepFresh,
            settings.produce());
    parts.add(() -> produce.close(DRAIN_MS));
    haltOn(produce.halted());
    haltOn(registration.estranged());
    return produce;
  }

  /// Comes only if this agent must not go on: it is to be closed then.
  ///
  /// @return why, in a sentence for whoever runs it
  Pending<String> halted() {
    return halted;
  }

  private void haltOn(Pending<String> reason) {
    environment.tasks().start("halt", () -> awaitHalt(reason));
  }

  private void awaitHalt(Pending<String> reason) {
    try {
      halted.complete(reason.await());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<ApiHandler> handlers(LiveCatalog catalog, LocalChunks chunks, ProducePath produce) {
    TailIndex tails =
        new TailIndex(
            controlPlane.feed(), registration, catalog, environment, TailSettings.STANDARD);
    parts.add(tails::close);
    tails.open();
    LogFetcher fetcher =
        new LogFetcher(
            tails, controlPlane.as(ExtentIndex.class), chunks, environment, settings.fetch());
    OffsetSearch search =
        new OffsetSearch(controlPlane.as(ExtentIndex.class), chunks, environment, settings.fetch());
    ApiParts shared =
        new ApiParts(catalog, controlPlane, registration, environment, settings.api());
    FetchSessions sessions = new FetchSessions(environment, settings.sessions());
    List<ApiHandler> all = new ArrayList<>();
    all.addAll(ClusterHandlers.of(shared));
    all.addAll(TransactionHandlers.of(shared));
    all.addAll(TopicHandlers.of(shared));
    all.addAll(ConfigHandlers.of(shared));
    all.addAll(QuotaHandlers.of(shared));
    all.addAll(CredentialHandlers.of(shared));
    all.addAll(TelemetryHandlers.of(shared, pushed));
    all.addAll(GroupHandlers.of(shared));
    all.add(new ProduceHandler(environment, catalog, produce));
    all.add(new FetchHandler(catalog, fetcher, sessions, settings.zone()));
    all.add(new ListOffsetsHandler(catalog, search));
    all.add(new OffsetForLeaderEpochHandler(catalog, search));
    all.addAll(ShareHandlers.of(shared, fetcher, search, new ShareSessions(SHARE_SESSIONS_MAX)));
    return all;
  }

  /// Why clients are better sent to another agent now; empty if this one is registered.
  Optional<String> whyUnready() {
    return registration.isValid()
        ? Optional.empty()
        : Optional.of("the control plane has not renewed this agent's registration");
  }

  /// Answers what is under way, flushes and commits what is held, then leaves.
  @Override
  public void close() {
    parts.close();
  }
}
