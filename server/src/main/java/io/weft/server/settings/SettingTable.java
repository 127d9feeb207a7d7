package io.weft.server.settings;

import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.leader.LeaderSettings;
import io.weft.controlplane.leader.compaction.CompactionSettings;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Every setting there is, by the command that takes it. Names of Kafka's mean what they mean
/// there.
public final class SettingTable {
  private static final long MIB = 1 << 20;
  private static final long INT_MAX = Integer.MAX_VALUE;

  private SettingTable() {}

  /// Agents renew every fourth part of the standard lease, whatever this one says: with less they
  /// would come and go.
  private static final long AGENT_LEASE_MS_MIN = 5_000;

  /// A year.
  private static final long TOPIC_UNDELETE_MS_MAX = 31_536_000_000L;

  /// A month.
  private static final long FILE_DELETE_GRACE_MS_MAX = 2_592_000_000L;

  /// A month.
  private static final long LOW_LATENCY_MS_MAX = 2_592_000_000L;

  /// Few enough that a folder does not fill with small files, enough that nobody who tries things
  /// out waits for the interval.
  private static final int DEV_EARLY_FLUSHES_PER_SECOND = 20;

  private static List<Setting> produce(int earlyFlushesPerSecond) {
    return List.of(
        Setting.whole(
            "flush.interval.ms",
            250,
            1,
            60_000,
            "files close at most this often, unless full or early"),
        Setting.whole(
            "flush.bytes", 8 * MIB, 64 << 10, 64 * MIB, "close a file once it has this many bytes"),
        Setting.whole(
            "flush.early.per.second",
            earlyFlushesPerSecond,
            0,
            1_000,
            "files a second that may close early because a producer waits for its answer before it"
                + " sends more, and nothing else is under way; each costs a PUT"),
        Setting.whole(
            "flush.hedge.ms",
            0,
            0,
            60_000,
            "put a file a second time when that takes longer, if flush.early.per.second has one"
                + " left; 0: never"),
        Setting.whole("uploads.max", 16, 1, 1_000, "files uploaded at once"));
  }

  private static final List<Setting> NETWORK =
      List.of(
          Setting.whole(
              "socket.request.max.bytes",
              100 * MIB,
              1024,
              INT_MAX,
              "the longest request; never more than half of queued.max.request.bytes"),
          Setting.whole(
              "max.connections",
              10_000,
              1,
              INT_MAX,
              "connections at once; never more than 8 for each MiB of heap"),
          Setting.whole(
              "max.connections.per.ip",
              INT_MAX,
              1,
              INT_MAX,
              "connections at once from one address"),
          Setting.whole(
              "connections.max.idle.ms",
              600_000,
              1_000,
              INT_MAX,
              "close a connection unused for so long"),
          Setting.whole(
              "queued.max.request.bytes",
              -1,
              -1,
              Long.MAX_VALUE,
              "bytes of requests held at once; -1: a quarter of the heap"),
          Setting.whole(
              "queued.max.response.bytes",
              -1,
              -1,
              Long.MAX_VALUE,
              "bytes of answers held at once; -1: an eighth of the heap"));

  private static final List<Setting> FETCH =
      List.of(
          Setting.whole(
              "cache.bytes",
              -1,
              -1,
              Long.MAX_VALUE,
              "memory outside the heap for the cache of files; -1: a quarter of what the heap"
                  + " leaves of the machine's or container's"),
          Setting.whole(
              "fetch.max.bytes",
              55 * MIB,
              1024,
              INT_MAX,
              "the most bytes of one fetch answer; never more than a third of"
                  + " queued.max.response.bytes"),
          Setting.whole(
              "max.incremental.fetch.session.cache.slots",
              1_000,
              0,
              1_000_000,
              "fetch sessions kept"));

  private static final List<Setting> TOPICS =
      List.of(
          Setting.flag(
              "auto.create.topics.enable", true, "create a topic when a client first names it"),
          Setting.whole(
              "num.partitions",
              1,
              1,
              10_000,
              "partitions of a topic that is created without a number"),
          Setting.whole(
              "default.replication.factor",
              1,
              1,
              32_767,
              "shown for topics that are created without one; replication is the store's"),
          Setting.whole(
              "transaction.max.timeout.ms",
              900_000,
              1,
              INT_MAX,
              "the longest time a producer may ask for its transactions"));

  private static final List<Setting> JOBS =
      List.of(
          Setting.flag(
              "compaction.enabled",
              true,
              "merge small files into large ones, once format level 2 is final; only agents with"
                  + " the role jobs do"));

  private static final Setting FORMAT_LEVEL =
      Setting.whole(
          "format.level",
          Levels.KNOWN,
          Levels.FIRST,
          Levels.KNOWN,
          "know formats up to this level only, as an earlier release does");

  private static final List<Setting> LEADER =
      List.of(
          FORMAT_LEVEL,
          Setting.whole(
              "leader.lease.ms",
              4_000,
              500,
              600_000,
              "how long a leader that is silent is still taken to lead"),
          Setting.whole(
              "agent.lease.ms",
              15_000,
              AGENT_LEASE_MS_MIN,
              600_000,
              "how long a silent agent is still shown to clients"),
          Setting.whole(
              "file.delete.grace.ms",
              LeaderSettings.Timing.FILE_DELETE_GRACE_MS,
              LeaderSettings.Timing.FILE_DELETE_GRACE_MS_MIN,
              FILE_DELETE_GRACE_MS_MAX,
              "how long a file that no log needs is kept before it is deleted; longer than a fetch"
                  + " takes"),
          Setting.whole(
              "low.latency.max.ms",
              CompactionSettings.LOW_LATENCY_MS,
              CompactionSettings.LOW_LATENCY_MS_MIN,
              LOW_LATENCY_MS_MAX,
              "how long records stay in the low-latency store of tiered.storage: then they are"
                  + " moved to the other one, if they have not been merged before"),
          Setting.whole(
              "snapshot.every.entries",
              1_000,
              10,
              1_000_000,
              "journal entries from one snapshot to the next, at least; more where the state is"
                  + " large"));

  /// @param byDefaultMs nothing answers `weft topics` in `weft dev`
  private static Setting topicUndelete(long byDefaultMs) {
    return Setting.whole(
        "topic.undelete.ms",
        byDefaultMs,
        0,
        TOPIC_UNDELETE_MS_MAX,
        "for how long a deleted topic is kept and can be brought back with weft topics undelete; 0:"
            + " it is gone at once");
  }

  private static final List<Setting> METRICS =
      List.of(
          Setting.text(
              "metrics.listen",
              "",
              "host:port to answer GET /metrics, /healthz and /readyz on; empty: nowhere; port 0"
                  + " picks a free one"));

  /// Those of `weft dev` that most need.
  public static final List<Setting> DEV_FIRST =
      List.of(
          Setting.whole("port", 9092, 0, 65_535, "the port to listen on; 0 picks a free one"),
          Setting.filledText("host", "127.0.0.1", "the address to listen on"),
          Setting.filledText(
              "data", "weft-data", "the folder (or bucket URL) to keep everything in"));

  private static final Setting BUCKET =
      Setting.requiredText(
          "bucket", "bucket URL for the records, such as s3://bucket/prefix or file:/path");

  private static final Setting AGENT_BUCKET =
      Setting.text(
          "bucket",
          "",
          "bucket URL for the records, such as s3://bucket/prefix or file:/path; or say two of"
              + " them with tiered.storage");

  private static final Setting TIERED_STORAGE =
      Setting.text(
          "tiered.storage",
          "",
          "a YAML file whose tieredStorageConfig says which store fresh records go to, and which"
              + " one merged ones; the same for all agents, in the place of bucket");

  private static final Setting CONTROL_PLANE_ADDRESS =
      Setting.requiredText(
          "control.plane", "host:port of the control plane, several separated by commas");

  public static final List<Setting> DEV =
      join(
          DEV_FIRST,
          List.of(
              produce(DEV_EARLY_FLUSHES_PER_SECOND),
              NETWORK,
              FETCH,
              TOPICS,
              JOBS,
              LEADER,
              List.of(topicUndelete(0)),
              CoordinatorSettings.ALL,
              METRICS));

  /// Those of `weft control-plane` that most need.
  public static final List<Setting> CONTROL_PLANE_FIRST =
      List.of(
          Setting.requiredText("listen", "host:port to answer agents on; port 0 picks a free one"),
          Setting.requiredText(
              "journal",
              "bucket URL for journal and snapshots, such as s3://bucket/prefix or"
                  + " file:/path"));

  public static final List<Setting> CONTROL_PLANE =
      join(
          CONTROL_PLANE_FIRST,
          List.of(
              LEADER,
              List.of(topicUndelete(LeaderSettings.TOPIC_UNDELETE_MS)),
              CoordinatorSettings.ALL,
              METRICS));

  /// Those of `weft agent` that most need.
  public static final List<Setting> AGENT_FIRST =
      List.of(
          Setting.requiredText(
              "listen",
              "host:port to answer Kafka clients on, or several as NAME=host:port,NAME=host:port;"
                  + " port 0 picks a free one"),
          Setting.text(
              "advertise",
              "",
              "host:port that clients reach this agent at, or NAME=host:port of each listener;"
                  + " empty: as it listens"),
          CONTROL_PLANE_ADDRESS,
          AGENT_BUCKET,
          Setting.text(
              "zone",
              "",
              "the availability zone this agent runs in; auto: as the cloud's metadata service"
                  + " says"));

  private static final List<Setting> PLACE =
      List.of(
          Setting.text(
              "agent.group",
              "",
              "the group of agents this one is in: clients of one group are not sent to another"),
          Setting.text(
              "roles",
              "produce,consume,jobs",
              "what this agent is for; clients that say what they do are sent to agents for it"),
          Setting.filledText(
              "zone.metadata.url",
              "http://169.254.169.254",
              "where the cloud's metadata service answers, for the zone auto"));

  private static final Setting NEIGHBOUR_LISTEN =
      Setting.text(
          "neighbour.listen",
          "",
          "host:port to answer other agents of the zone on; port 0 picks a free one; empty: a free"
              + " one at the address clients reach; off: agents ask the store, not each other");

  public static final List<Setting> AGENT =
      join(
          AGENT_FIRST,
          List.of(
              List.of(TIERED_STORAGE),
              PLACE,
              List.of(NEIGHBOUR_LISTEN, FORMAT_LEVEL),
              produce(0),
              NETWORK,
              FETCH,
              TOPICS,
              JOBS,
              METRICS));

  public static final List<Setting> BUCKET_SHOW = List.of(BUCKET);

  public static final List<Setting> BUCKET_ADOPT =
      List.of(
          BUCKET, Setting.requiredText("cluster", "id of the cluster that the bucket is to be of"));

  public static final List<Setting> BUCKET_SKIP_IDS = List.of(BUCKET, CONTROL_PLANE_ADDRESS);

  public static final List<Setting> UPGRADE =
      List.of(
          Setting.requiredText(
              "control.plane",
              "host:port of every process of the control plane, separated by commas"));

  private static final Setting DELETED_NAME =
      Setting.text("topic", "", "the name that the deleted topic had");

  private static final Setting DELETED_ID =
      Setting.text(
          "topic.id", "", "the deleted topic's id, needed where several had the same name");

  public static final List<Setting> TOPICS_DELETED = List.of(CONTROL_PLANE_ADDRESS);

  public static final List<Setting> TOPICS_UNDELETE =
      List.of(
          CONTROL_PLANE_ADDRESS,
          DELETED_NAME,
          DELETED_ID,
          Setting.text("new.name", "", "what the topic is called from here on; empty: as before"));

  public static final List<Setting> TOPICS_LET_GO =
      List.of(CONTROL_PLANE_ADDRESS, DELETED_NAME, DELETED_ID);

  /// Every setting of the commands here, each name once.
  public static final List<Setting> ALL = List.copyOf(distinct());

  private static List<Setting> join(List<Setting> own, List<List<Setting>> shared) {
    return Stream.concat(own.stream(), shared.stream().flatMap(List::stream)).toList();
  }

  private static Set<Setting> distinct() {
    Set<Setting> all = new LinkedHashSet<>(DEV);
    all.addAll(CONTROL_PLANE);
    all.addAll(AGENT);
    all.addAll(BUCKET_ADOPT);
    return all;
  }
}
