package io.weft.server.process;

import io.weft.agent.api.ApiSettings;
import io.weft.agent.api.fetch.SessionSettings;
import io.weft.agent.assembly.AgentSettings;
import io.weft.agent.cache.CacheSettings;
import io.weft.agent.cleaning.CleaningSettings;
import io.weft.agent.compaction.CompactionSettings;
import io.weft.agent.fetch.FetchSettings;
import io.weft.agent.membership.AgentPlace;
import io.weft.agent.network.NetworkSettings;
import io.weft.agent.produce.ProduceSettings;
import io.weft.server.address.ClientListeners;
import io.weft.server.settings.CoordinatorSettings;
import io.weft.server.settings.Setting;
import io.weft.server.settings.SettingException;
import io.weft.server.settings.Settings;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What an agent in a process is told: what the operator has set, cut to the size of the heap.
record AgentOptions(AgentSettings agent, NetworkSettings network) {
  /// The share of the heap that requests may use if nobody says otherwise.
  private static final int HEAP_SHARE = 4;

  /// Requests held at once, at least, whatever the heap.
  private static final long REQUEST_BYTES_MIN = 16 << 20;

  /// The share of the heap that answers may use if nobody says otherwise, and the least.
  private static final int ANSWERS_HEAP_SHARE = 8;

  private static final long ANSWER_BYTES_MIN = 16 << 20;

  /// One connection may owe so much of what all may owe.
  private static final int CONNECTION_ANSWERS_PART = 4;

  /// One fetch answer takes so much of it at most: two large ones fit into what is for records.
  private static final int FETCH_ANSWER_PART = 3;

  /// The share of the heap that the batches of a job may use.
  private static final int JOB_HEAP_SHARE = 16;

  /// Half a request that never gets whole holds its share for long: one may not hold everybody's.
  private static final int LONGEST_REQUEST_PART = 2;

  /// The share of the heap that all connections' half-read small requests may use, and the most
  /// that one connection's does.
  private static final int CONNECTIONS_HEAP_SHARE = 2;

  private static final long CONNECTION_BYTES = 64 << 10;

  /// As Kafka's default of `group.share.max.share.sessions`.
  private static final int SHARE_SESSIONS_MAX = 2_000;

  /// Settings that Kafka has too, shown as they were set.
  private static final List<String> SHOWN =
      List.of(
          "auto.create.topics.enable",
          "connections.max.idle.ms",
          "default.replication.factor",
          "fetch.max.bytes",
          "max.connections.per.ip",
          "max.incremental.fetch.session.cache.slots",
          "num.partitions",
          "transaction.max.timeout.ms");

  static AgentOptions of(Settings settings, AgentPlace place, ClientListeners listeners) {
    AgentSettings agent =
        new AgentSettings(
            place,
            produce(settings),
            CacheSize.ofThisProcess().settings(settings.whole("cache.bytes")),
            fetch(settings),
            new SessionSettings(
                settings.number("max.incremental.fetch.session.cache.slots"),
                SessionSettings.STANDARD.staleMs()),
            SHARE_SESSIONS_MAX,
            api(settings, listeners),
            compaction(settings),
            cleaning(settings));
    return new AgentOptions(agent, network(settings));
  }

  private static CompactionSettings compaction(Settings settings) {
    return CompactionSettings.STANDARD
        .enabled(settings.flag("compaction.enabled"))
        .within(Runtime.getRuntime().maxMemory() / JOB_HEAP_SHARE);
  }

  private static CleaningSettings cleaning(Settings settings) {
    return CleaningSettings.of(compaction(settings), Runtime.getRuntime().maxMemory());
  }

  private static FetchSettings fetch(Settings settings) {
    FetchSettings standard = FetchSettings.STANDARD;
    return new FetchSettings(
        fetchBytesMax(settings),
        standard.waitMsMax(),
        standard.filesPerAnswerMax(),
        standard.loadsPerAnswerMax(),
        standard.bookmarksMax());
  }

  private static ApiSettings api(Settings settings, ClientListeners listeners) {
    Map<String, String> shown = shown(settings);
    shown.put("listeners", listeners.text());
    return new ApiSettings(
        settings.flag("auto.create.topics.enable"),
        settings.number("num.partitions"),
        (short) settings.number("default.replication.factor"),
        settings.number("transaction.max.timeout.ms"),
        shown);
  }

  private static NetworkSettings network(Settings settings) {
    NetworkSettings defaults = NetworkSettings.DEFAULTS;
    long requestBytesMax = requestBytesMax(settings);
    return defaults
        .withFrameBytesMax(frameBytesMax(settings))
        .withConnectionsMax(connectionsMax(settings), settings.number("max.connections.per.ip"))
        .withBytesInFlight(
            requestBytesMax, Math.min(defaults.connectionBytesMax(), requestBytesMax))
        .withAnswerBytes(
            answerBytesMax(settings), answerBytesMax(settings) / CONNECTION_ANSWERS_PART)
        .withTimes(
            settings.whole("connections.max.idle.ms"),
            defaults.firstRequestMs(),
            defaults.progressMs(),
            defaults.drainMs());
  }

  private static long requestBytesMax(Settings settings) {
    return Math.max(heapShare(settings.whole("queued.max.request.bytes")), REQUEST_BYTES_MIN);
  }

  private static long answerBytesMax(Settings settings) {
    long asked = settings.whole("queued.max.response.bytes");
    long bytes = asked >= 0 ? asked : Runtime.getRuntime().maxMemory() / ANSWERS_HEAP_SHARE;
    return Math.max(bytes, ANSWER_BYTES_MIN);
  }

  private static int fetchBytesMax(Settings settings) {
    return (int)
        Math.min(settings.number("fetch.max.bytes"), answerBytesMax(settings) / FETCH_ANSWER_PART);
  }

  private static int connectionsMax(Settings settings) {
    long held = Runtime.getRuntime().maxMemory() / CONNECTIONS_HEAP_SHARE / CONNECTION_BYTES;
    return (int) Math.min(settings.whole("max.connections"), Math.max(held, 1));
  }

  private static int frameBytesMax(Settings settings) {
    return (int)
        Math.min(
            settings.whole("socket.request.max.bytes"),
            requestBytesMax(settings) / LONGEST_REQUEST_PART);
  }

  private static ProduceSettings produce(Settings settings) {
    ProduceSettings defaults = ProduceSettings.DEFAULT;
    if (settings.number("flush.hedge.ms") > 0 && settings.number("flush.early.per.second") == 0) {
      throw new SettingException(
          "flush.hedge.ms needs PUTs to spend: set flush.early.per.second too, or leave it out.");
    }
    return new ProduceSettings(
        settings.number("flush.interval.ms"),
        settings.number("flush.bytes"),
        settings.number("flush.early.per.second"),
        settings.number("uploads.max"),
        defaults.files().withHedgeAfterMs(settings.number("flush.hedge.ms")));
  }

  /// What holds, under Kafka's names: limits as the heap has cut them. Only an agent with the
  /// control plane in its own process knows that one's settings for groups.
  private static Map<String, String> shown(Settings settings) {
    Map<String, String> shown = new TreeMap<>();
    Stream.concat(
            SHOWN.stream(),
            CoordinatorSettings.ALL.stream().map(Setting::name).filter(settings::has))
        .forEach(name -> shown.put(name, settings.text(name)));
    shown.put("socket.request.max.bytes", Integer.toString(frameBytesMax(settings)));
    shown.put("max.connections", Integer.toString(connectionsMax(settings)));
    shown.put("queued.max.request.bytes", Long.toString(requestBytesMax(settings)));
    shown.put("fetch.max.bytes", Integer.toString(fetchBytesMax(settings)));
    return shown;
  }

  private static long heapShare(long bytes) {
    return bytes >= 0 ? bytes : Runtime.getRuntime().maxMemory() / HEAP_SHARE;
  }

  /// How large an agent's cache is: outside the heap, beside it in the same machine or container.
  ///
  /// @param memoryBytes of the machine, or what the container may have
  /// @param heapBytes at most
  record CacheSize(long memoryBytes, long heapBytes) {
    /// The share of the memory beside the heap that the cache has if nobody says otherwise, and the
    /// least.
    private static final int CACHE_MEMORY_SHARE = 4;

    private static final long CACHE_BYTES_MIN = 16 << 20;

    /// The share of the heap that goes with the cache, whatever its size: loads under way, what
    /// neighbours send, and what is known of chunks.
    private static final int CACHE_HEAP_SHARE = 4;

    /// Chunks loaded at once, at least, whatever the heap.
    private static final int LOADS_MIN = 2;

    static CacheSize ofThisProcess() {
      long memoryBytes =
          ManagementFactory.getOperatingSystemMXBean()
                  instanceof com.sun.management.OperatingSystemMXBean machine
              ? machine.getTotalMemorySize()
              : Long.MAX_VALUE;
      return new CacheSize(memoryBytes, Runtime.getRuntime().maxMemory());
    }

    /// @param bytes as set; -1: as many as fit
    /// @throws SettingException if there is not so much memory
    CacheSettings settings(long bytes) {
      CacheSettings standard = CacheSettings.STANDARD;
      if (bytes > Math.max(0, memoryBytes - heapBytes)) {
        throw new SettingException(
            ("cache.bytes is %d; with a heap of %d that is more than the %d bytes of memory that"
                    + " this machine or container has: give less to one of them.")
                .formatted(bytes, heapBytes, memoryBytes));
      }
      long bytesMax =
          bytes >= 0
              ? bytes
              : Math.max((memoryBytes - heapBytes) / CACHE_MEMORY_SHARE, CACHE_BYTES_MIN);
      long heapBytesMax = Math.max(1, heapBytes / CACHE_HEAP_SHARE);
      long loadsThatFit = Math.min(bytesMax, heapBytesMax) / (2L * standard.chunkBytes());
      return new CacheSettings(
          standard.chunkBytes(),
          bytesMax,
          Math.clamp(loadsThatFit, LOADS_MIN, standard.loadsMax()),
          heapBytesMax);
    }
  }
}
