package io.weft.agent.assembly;

import io.weft.agent.ahead.AheadFigures;
import io.weft.agent.ahead.AheadSettings;
import io.weft.agent.ahead.ReadAhead;
import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.KafkaApi;
import io.weft.agent.api.cluster.ClusterHandlers;
import io.weft.agent.api.configs.ConfigHandlers;
import io.weft.agent.api.credentials.CredentialHandlers;
import io.weft.agent.api.fetch.FetchHandler;
import io.weft.agent.api.fetch.FetchSessions;
import io.weft.agent.api.fetch.ListOffsetsHandler;
import io.weft.agent.api.fetch.OffsetForLeaderEpochHandler;
import io.weft.agent.api.groups.GroupHandlers;
import io.weft.agent.api.produce.ProduceHandler;
import io.weft.agent.api.quotas.QuotaHandlers;
import io.weft.agent.api.share.ShareHandlers;
import io.weft.agent.api.share.ShareSessions;
import io.weft.agent.api.telemetry.PushedMetrics;
import io.weft.agent.api.telemetry.TelemetryHandlers;
import io.weft.agent.api.topics.TopicHandlers;
import io.weft.agent.api.transactions.TransactionHandlers;
import io.weft.agent.cache.CacheFigures;
import io.weft.agent.cache.Chunks;
import io.weft.agent.cache.LocalChunks;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.cleaning.CleanedFiles;
import io.weft.agent.cleaning.CleaningFigures;
import io.weft.agent.cleaning.CleaningLoop;
import io.weft.agent.compaction.CompactionFigures;
import io.weft.agent.compaction.CompactionLoop;
import io.weft.agent.fetch.LogFetcher;
import io.weft.agent.fetch.OffsetSearch;
import io.weft.agent.fetch.TailIndex;
import io.weft.agent.fetch.TailSettings;
import io.weft.agent.files.FileIds;
import io.weft.agent.files.FileSettings;
import io.weft.agent.membership.ClientAddresses;
import io.weft.agent.membership.ClusterDeadFiles;
import io.weft.agent.membership.ClusterLedger;
import io.weft.agent.membership.Registration;
import io.weft.agent.neighbour.NeighbourDesk;
import io.weft.agent.neighbour.NeighbourFigures;
import io.weft.agent.neighbour.NeighbourLink;
import io.weft.agent.neighbour.NeighbourSettings;
import io.weft.agent.neighbour.ZoneCache;
import io.weft.agent.neighbour.ZoneSight;
import io.weft.agent.produce.ProduceFigures;
import io.weft.agent.produce.ProducePath;
import io.weft.agent.removal.FileRemoval;
import io.weft.agent.removal.RemovalSettings;
import io.weft.agent.share.ShareFetcher;
import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.Groups;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Membership.Address;
import io.weft.controlplane.api.Membership.Role;
import io.weft.controlplane.api.Producers;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.ShareGroups;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.admin.ClientQuotas;
import io.weft.controlplane.api.admin.Quorum;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ScramCredentials;
import io.weft.controlplane.api.file.Cleanings;
import io.weft.controlplane.api.file.Compactions;
import io.weft.controlplane.api.file.DeadFiles;
import io.weft.controlplane.api.file.FileWriters;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.model.AgentId;
import io.weft.model.FileTier;
import io.weft.storage.object.StorePurpose;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An agent, from Kafka's requests to the store. Thread-safe; it runs from [#of] on, and clients
/// are to be let in once it is registered.
public final class AssembledAgent {
  /// How long files under way may take when the agent is closed.
  private static final long DRAIN_MS = 20_000;

  private final Environment environment;
  private final LiveCatalog catalog;
  private final Registration registration;
  private final LocalChunks chunks;
  private final Optional<ZoneCache> zone;
  private final Chunks read;
  private final ReadAhead ahead;
  private final ProducePath produce;
  private final TailIndex tails;
  private final Optional<CompactionLoop> compaction;
  private final Optional<CleaningLoop> cleaning;
  private final Optional<FileRemoval> removal;
  private final PushedMetrics pushed;
  private final KafkaApi api;
  private final Pending<String> halted = new Pending<>();

  private AssembledAgent(AgentOutside outside, AgentSettings settings) {
    ControlPlane controlPlane = outside.controlPlane();
    String clusterId = outside.bucket().clusterId();
    environment = outside.environment();
    pushed = new PushedMetrics(environment.clock());
    registration =
        new Registration(
            controlPlane.as(Membership.class), environment, settings.place(), clusterId);
    catalog =
        new LiveCatalog(
            controlPlane.as(TopicCatalog.class), settings.place().profile(), registration::self);
    chunks = new LocalChunks(outside.bucket(), settings.cache());
    zone = outside.neighbours().map(link -> zoneCache(outside, link, settings));
    read = outside.chunks().apply(zone.map(ZoneCache::chunks).orElse(chunks));
    ahead =
        new ReadAhead(
            controlPlane.as(ExtentIndex.class),
            read,
            environment,
            AheadSettings.of(settings.cache()));
    produce = producePath(outside, settings);
    tails =
        new TailIndex(
            controlPlane.feed(), registration, catalog, environment, TailSettings.STANDARD);
    compaction = compaction(outside, settings);
    cleaning = cleaning(outside, settings);
    removal = removal(outside, settings);
    List<ApiHandler> handlers = new ArrayList<>(handlersOfMetadata(controlPlane, settings));
    handlers.addAll(handlersOfRecords(outside, settings));
    api = new KafkaApi(clusterId, handlers);
  }

  /// Reads the catalog and begins its work, unseen by others.
  ///
  /// @throws io.weft.controlplane.api.ControlPlaneException if the control plane cannot be asked:
  ///   nothing has begun then
  public static AssembledAgent of(AgentOutside outside, AgentSettings settings) {
    AssembledAgent agent = new AssembledAgent(outside, settings);
    agent.haltOn(agent.produce.halted());
    agent.haltOn(agent.registration.estranged());
    agent.compaction.ifPresent(loop -> agent.haltOn(loop.halted()));
    agent.cleaning.ifPresent(loop -> agent.haltOn(loop.halted()));
    agent.tails.open();
    agent.compaction.ifPresent(CompactionLoop::start);
    agent.cleaning.ifPresent(CleaningLoop::start);
    return agent;
  }

  private ZoneCache zoneCache(AgentOutside outside, NeighbourLink link, AgentSettings settings) {
    ZoneSight sight =
        new ZoneSight(
            settings.place().zone(),
            settings.place().profile().group(),
            this::registeredId,
            () -> catalog.known().agents(),
            registration::neighbourKeys);
    return new ZoneCache(
        chunks,
        sight,
        outside.controlPlane().as(FileWriters.class),
        link,
        outside.bucket().clusterId(),
        environment,
        NeighbourSettings.STANDARD.within(settings.cache().heapLimitBytes()));
  }

  private Optional<AgentId> registeredId() {
    return registration.isValid() ? Optional.of(registration.get()) : Optional.empty();
  }

  private FileIds fileIds(AgentOutside outside, FileTier tier, FileSettings settings) {
    FileLedger ledger = outside.controlPlane().as(FileLedger.class);
    return new FileIds(
        environment, new ClusterLedger(ledger, registration), tier, registration, settings);
  }

  private Optional<CompactionLoop> compaction(AgentOutside outside, AgentSettings settings) {
    boolean isForJobs = settings.place().profile().roles().contains(Role.JOBS);
    if (!isForJobs || !settings.compaction().enabled()) {
      return Optional.empty();
    }
    return Optional.of(
        new CompactionLoop(
            environment,
            outside.controlPlane().as(Compactions.class),
            this::registeredId,
            outside.bucket().usedFor(StorePurpose.COMPACTION),
            read,
            fileIds(outside, FileTier.HIGH_LATENCY, settings.compaction().files()),
            settings.compaction()));
  }

  private Optional<CleaningLoop> cleaning(AgentOutside outside, AgentSettings settings) {
    boolean isForJobs = settings.place().profile().roles().contains(Role.JOBS);
    if (!isForJobs || !settings.cleaning().enabled()) {
      return Optional.empty();
    }
    FileSettings files = settings.compaction().files();
    Cleanings cleanings = outside.controlPlane().as(Cleanings.class);
    return Optional.of(
        new CleaningLoop(
            environment,
            cleanings,
            outside.controlPlane().as(ExtentIndex.class),
            this::registeredId,
            read,
            new CleanedFiles(
                environment,
                cleanings,
                outside.bucket().usedFor(StorePurpose.COMPACTION),
                fileIds(outside, FileTier.HIGH_LATENCY, files),
                files),
            settings.cleaning()));
  }

  /// Of an agent that works on stored files.
  private Optional<FileRemoval> removal(AgentOutside outside, AgentSettings settings) {
    return settings.place().profile().roles().contains(Role.JOBS)
        ? Optional.of(
            FileRemoval.start(
                environment,
                new ClusterDeadFiles(outside.controlPlane().as(DeadFiles.class), registration),
                outside.bucket().usedFor(StorePurpose.CLEAN_UP),
                this::registeredId,
                RemovalSettings.STANDARD))
        : Optional.empty();
  }

  private ProducePath producePath(AgentOutside outside, AgentSettings settings) {
    ControlPlane controlPlane = outside.controlPlane();
    FileIds ids = fileIds(outside, outside.bucket().freshTier(), settings.produce().files());
    return ProducePath.start(
        environment,
        outside.bucket().usedFor(StorePurpose.INGEST),
        controlPlane.as(Sequencer.class),
        ids,
        chunks::keepFresh,
        settings.produce());
  }

  private List<ApiHandler> handlersOfMetadata(ControlPlane controlPlane, AgentSettings settings) {
    List<ApiHandler> all = new ArrayList<>();
    all.addAll(
        ClusterHandlers.of(
            catalog,
            controlPlane.as(Quorum.class),
            controlPlane.as(Membership.class),
            registration));
    all.addAll(
        TransactionHandlers.of(
            catalog,
            controlPlane.as(Transactions.class),
            controlPlane.as(Producers.class),
            registration,
            settings.api()));
    all.addAll(
        TopicHandlers.of(
            catalog,
            controlPlane.as(TopicCatalog.class),
            controlPlane.as(ExtentIndex.class),
            registration,
            environment,
            settings.api()));
    all.addAll(
        ConfigHandlers.of(
            catalog,
            controlPlane.as(TopicCatalog.class),
            controlPlane.as(ResourceSettings.class),
            registration,
            environment,
            settings.api()));
    all.addAll(QuotaHandlers.of(controlPlane.as(ClientQuotas.class), environment));
    all.addAll(CredentialHandlers.of(controlPlane.as(ScramCredentials.class), environment));
    all.addAll(TelemetryHandlers.of(controlPlane.as(ResourceSettings.class), pushed, environment));
    all.addAll(GroupHandlers.of(catalog, controlPlane.as(Groups.class), registration));
    return all;
  }

  private List<ApiHandler> handlersOfRecords(AgentOutside outside, AgentSettings settings) {
    ControlPlane controlPlane = outside.controlPlane();
    LogFetcher fetcher =
        new LogFetcher(
            tails, controlPlane.as(ExtentIndex.class), read, ahead, environment, settings.fetch());
    OffsetSearch search =
        new OffsetSearch(controlPlane.as(ExtentIndex.class), read, environment, settings.fetch());
    FetchSessions sessions = new FetchSessions(environment, settings.sessions());
    List<ApiHandler> all = new ArrayList<>();
    all.add(new ProduceHandler(environment, catalog, produce));
    all.add(new FetchHandler(catalog, fetcher, sessions, settings.place().zone()));
    all.add(new ListOffsetsHandler(catalog, search));
    all.add(new OffsetForLeaderEpochHandler(catalog, search));
    all.addAll(
        ShareHandlers.of(
            catalog,
            controlPlane.as(ShareGroups.class),
            new ShareFetcher(controlPlane.as(ShareGroups.class), fetcher, search, environment),
            new ShareSessions(settings.shareSessionsMax()),
            environment));
    return all;
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

  /// What answers its clients.
  public KafkaApi api() {
    return api;
  }

  /// Makes it known as one that clients reach there.
  public void register(String host, int port) {
    register(ClientAddresses.of(host, port), Optional.empty());
  }

  /// As [#register(String, int)].
  ///
  /// @param neighbours where other agents of its zone reach it
  public void register(ClientAddresses clients, Optional<Address> neighbours) {
    registration.start(clients, neighbours);
    // The copy from before the registration would send the first clients nowhere.
    catalog.fresh();
  }

  /// Whether the control plane still counts it in.
  public boolean isRegistered() {
    return registration.isValid();
  }

  /// Comes only if this agent must not go on: it is to be closed then.
  ///
  /// @return why, in a sentence for the operator
  public Pending<String> halted() {
    return halted;
  }

  public ProduceFigures.Reading produceFigures() {
    return produce.figures().read();
  }

  public CacheFigures cacheFigures() {
    return chunks.figures();
  }

  public AheadFigures aheadFigures() {
    return ahead.figures();
  }

  public NeighbourFigures neighbourFigures() {
    return zone.map(ZoneCache::figures).orElse(NeighbourFigures.NONE);
  }

  public CleaningFigures.Reading cleaningFigures() {
    return cleaning.map(loop -> loop.figures().read()).orElse(CleaningFigures.Reading.NONE);
  }

  public CompactionFigures.Reading compactionFigures() {
    return compaction.map(loop -> loop.figures().read()).orElse(CompactionFigures.Reading.NONE);
  }

  /// What answers its neighbours; empty for an agent that shares nothing with them.
  public Optional<NeighbourDesk> neighbourDesk() {
    return zone.map(ZoneCache::desk);
  }

  /// What clients have pushed of themselves.
  public PushedMetrics pushed() {
    return pushed;
  }

  /// Ends its registration, if there is one: clients go elsewhere. Those that still ask are
  /// answered until [#close].
  public void leave() {
    registration.close();
  }

  /// Flushes and commits what is held. No request may come any more.
  public void close() throws InterruptedException {
    compaction.ifPresent(CompactionLoop::close);
    cleaning.ifPresent(CleaningLoop::close);
    try {
      if (removal.isPresent()) {
        removal.get().close();
      }
      tails.close();
    } finally {
      zone.ifPresent(ZoneCache::close);
      produce.close(DRAIN_MS);
    }
  }
}
