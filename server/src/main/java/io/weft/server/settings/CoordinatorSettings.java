package io.weft.server.settings;

import java.util.List;

/// The settings of the process that coordinates groups and transactions, under Kafka's names but
/// for two of our own (`groups.max`, `group.offsets.max`). Defaults are Kafka's, but where Kafka
/// has no limit.
public final class CoordinatorSettings {
  private static final int INT_MAX = Integer.MAX_VALUE;
  private static final int SIZE_MAX = 10_000;

  private CoordinatorSettings() {}

  private static Setting ms(String name, long defaultMs, String meaning) {
    return Setting.whole(name, defaultMs, 1, INT_MAX, meaning);
  }

  private static Setting size(String name, long defaultSize, long max, String meaning) {
    return Setting.whole(name, defaultSize, 1, max, meaning);
  }

  private static Setting interval(String name, long standard, String meaning) {
    return Setting.whole(name, standard, 0, INT_MAX, meaning);
  }

  public static final List<Setting> ALL =
      List.of(
          ms("group.min.session.timeout.ms", 6_000, "classic groups: the shortest session"),
          ms("group.max.session.timeout.ms", 1_800_000, "classic groups: the longest session"),
          Setting.whole(
              "group.initial.rebalance.delay.ms",
              3_000,
              0,
              INT_MAX,
              "classic groups: how long a new group waits for more members"),
          size("group.max.size", SIZE_MAX, INT_MAX, "members of a classic group"),
          ms("group.consumer.session.timeout.ms", 45_000, "consumer groups: the session"),
          ms("group.consumer.min.session.timeout.ms", 45_000, "the shortest a group may set"),
          ms("group.consumer.max.session.timeout.ms", 60_000, "the longest a group may set"),
          ms("group.consumer.heartbeat.interval.ms", 5_000, "consumer groups: between heartbeats"),
          ms("group.consumer.min.heartbeat.interval.ms", 5_000, "the shortest a group may set"),
          ms("group.consumer.max.heartbeat.interval.ms", 15_000, "the longest a group may set"),
          size("group.consumer.max.size", SIZE_MAX, INT_MAX, "members of a consumer group"),
          ms("group.share.session.timeout.ms", 45_000, "share groups: the session"),
          ms("group.share.min.session.timeout.ms", 45_000, "the shortest a group may set"),
          ms("group.share.max.session.timeout.ms", 60_000, "the longest a group may set"),
          ms("group.share.heartbeat.interval.ms", 5_000, "share groups: between heartbeats"),
          ms("group.share.min.heartbeat.interval.ms", 5_000, "the shortest a group may set"),
          ms("group.share.max.heartbeat.interval.ms", 15_000, "the longest a group may set"),
          Setting.whole("group.share.max.size", 200, 10, 1_000, "members of a share group"),
          ms("group.streams.session.timeout.ms", 45_000, "streams groups: the session"),
          ms("group.streams.min.session.timeout.ms", 45_000, "the shortest a group may set"),
          ms("group.streams.max.session.timeout.ms", 60_000, "the longest a group may set"),
          ms("group.streams.heartbeat.interval.ms", 5_000, "streams groups: between heartbeats"),
          ms("group.streams.min.heartbeat.interval.ms", 5_000, "the shortest a group may set"),
          ms("group.streams.max.heartbeat.interval.ms", 15_000, "the longest a group may set"),
          size("group.streams.max.size", SIZE_MAX, INT_MAX, "members of a streams group"),
          interval(
              "group.consumer.assignment.interval.ms",
              1_000,
              "consumer groups: at least so long between two assignments"),
          interval("group.consumer.min.assignment.interval.ms", 0, "the shortest a group may set"),
          interval(
              "group.consumer.max.assignment.interval.ms", 15_000, "the longest a group may set"),
          Setting.text(
              "group.consumer.migration.policy",
              "bidirectional",
              "which groups change between classic and consumer: disabled, downgrade, upgrade,"
                  + " bidirectional"),
          interval(
              "group.share.assignment.interval.ms",
              1_000,
              "share groups: at least so long between two assignments"),
          interval("group.share.min.assignment.interval.ms", 0, "the shortest a group may set"),
          interval("group.share.max.assignment.interval.ms", 15_000, "the longest a group may set"),
          Setting.whole(
              "group.share.record.lock.duration.ms",
              30_000,
              1_000,
              3_600_000,
              "share groups: how long a member may keep a record"),
          Setting.whole(
              "group.share.min.record.lock.duration.ms",
              15_000,
              1_000,
              30_000,
              "the shortest a group may set"),
          Setting.whole(
              "group.share.max.record.lock.duration.ms",
              60_000,
              30_000,
              3_600_000,
              "the longest a group may set"),
          Setting.whole(
              "group.share.delivery.count.limit",
              5,
              2,
              10,
              "share groups: deliveries of a record until it is given up"),
          Setting.whole(
              "group.share.min.delivery.count.limit", 2, 2, 5, "the fewest a group may set"),
          Setting.whole(
              "group.share.max.delivery.count.limit", 10, 5, 25, "the most a group may set"),
          Setting.whole(
              "group.share.partition.max.record.locks",
              2_000,
              100,
              10_000,
              "share groups: unfinished offsets of a partition"),
          Setting.whole(
              "group.share.min.partition.max.record.locks",
              100,
              100,
              2_000,
              "the fewest a group may set"),
          Setting.whole(
              "group.share.max.partition.max.record.locks",
              4_000,
              2_000,
              10_000,
              "the most a group may set"),
          interval(
              "group.streams.assignment.interval.ms",
              1_000,
              "streams groups: at least so long between two assignments"),
          interval("group.streams.min.assignment.interval.ms", 0, "the shortest a group may set"),
          interval(
              "group.streams.max.assignment.interval.ms", 15_000, "the longest a group may set"),
          interval(
              "group.streams.initial.rebalance.delay.ms",
              3_000,
              "streams groups: how long a new group waits for more members"),
          interval(
              "group.streams.num.standby.replicas",
              0,
              "streams groups: standby replicas of a task"),
          interval("group.streams.max.standby.replicas", 2, "the most a group may set"),
          size("groups.max", 100_000, 10_000_000, "groups of all kinds together"),
          size("group.offsets.max", 200_000, 10_000_000, "committed offsets of one group"),
          Setting.whole(
              "offset.metadata.max.bytes", 4_096, 0, 32_767, "metadata of one committed offset"),
          Setting.whole(
              "offsets.retention.minutes",
              10_080,
              1,
              INT_MAX,
              "how long an empty group's offsets are kept"),
          ms("offsets.retention.check.interval.ms", 600_000, "how often that is looked at"),
          Setting.whole(
              "transactional.id.expiration.ms",
              604_800_000,
              1,
              INT_MAX,
              "how long a transactional id is remembered that nobody uses"));
}
