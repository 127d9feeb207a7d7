package io.weft.bench;

import io.weft.server.settings.Setting;
import java.util.List;

/// The settings of `weft bench`: each benchmark accepts them all and uses those it needs.
final class BenchSettings {
  private static final long MIB = 1 << 20;
  private static final long INT_MAX = Integer.MAX_VALUE;

  static final List<Setting> ALL =
      List.of(
          Setting.filledText("bootstrap.servers", "127.0.0.1:9092", "any Kafka-compatible address"),
          Setting.filledText("topic", "weft-bench", "the topic to use; created if it is not there"),
          Setting.whole("partitions", 1, 1, 10_000, "partitions of a topic that is created"),
          Setting.whole("records", 1_000_000, 1, Long.MAX_VALUE, "how many records"),
          Setting.whole("record.bytes", 1024, 8, 16 * MIB, "bytes of each record's value"),
          Setting.whole("rate", 0, 0, INT_MAX, "records per second; 0: as fast as it goes"),
          Setting.whole("batch.size", 16_384, 0, INT_MAX, "the producer's setting of that name"),
          Setting.whole("linger.ms", 5, 0, INT_MAX, "the producer's setting of that name"),
          Setting.whole(
              "buffer.memory", 32 * MIB, 0, Long.MAX_VALUE, "the producer's setting of that name"),
          Setting.text("compression.type", "none", "the producer's setting of that name"),
          Setting.flag("enable.idempotence", true, "the producer's setting of that name"),
          Setting.whole(
              "fetch.max.wait.ms", 500, 0, INT_MAX, "the consumer's setting of that name"),
          Setting.whole(
              "max.partition.fetch.bytes", MIB, 0, INT_MAX, "the consumer's setting of that name"),
          Setting.whole(
              "max.in.flight.requests.per.connection",
              5,
              1,
              INT_MAX,
              "the producer's setting of that name"),
          Setting.text(
              "partitioner.class",
              "",
              "the producer's setting of that name; empty: its own default"),
          Setting.whole(
              "warm.up.records",
              0,
              0,
              INT_MAX,
              "end-to-end: records sent before the others, at the same rate, that do not count"),
          Setting.whole(
              "producers",
              1,
              1,
              1_000,
              "how many producers take turns; the rate is that of all together"),
          Setting.whole(
              "consumers", 1, 1, 1_000, "consume: how many consumers read everything at once"),
          Setting.whole("transactions", 1_000, 1, INT_MAX, "how many transactions"),
          Setting.whole(
              "warm.up.transactions", 0, 0, INT_MAX, "transactions before them that do not count"),
          Setting.whole("records.per.transaction", 10, 1, INT_MAX, "records of each transaction"),
          Setting.whole("requests", 1_000_000, 1, INT_MAX, "how many heartbeats or offset commits"),
          Setting.whole("connections", 4, 1, 1_000, "connections they come over"),
          Setting.whole("requests.in.flight", 128, 2, 10_000, "requests under way on each of them"),
          Setting.whole("members", 100, 1, 100_000, "members of groups, or groups that commit"),
          Setting.whole("rounds", 5, 1, 1_000, "rebalance: how often one leaves and comes back"),
          Setting.text("group.protocol", "consumer", "the consumer's setting of that name"),
          Setting.flag(
              "verify",
              false,
              "number the records when producing; when consuming, check that each number is there,"
                  + " once and in order"),
          Setting.text("client.id", "weft-bench", "the clients' id, such as weft_az=zone-1"));

  private BenchSettings() {}
}
