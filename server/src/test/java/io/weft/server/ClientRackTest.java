package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.clients.Deadline;
import io.weft.server.process.WeftProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A consumer that names its rack reads from the agents there.
class ClientRackTest {
  private static final int PARTITIONS = 6;
  private static final int RECORDS = 3_000;
  private static final int VALUE_BYTES = 1024;

  @TempDir Path folder;

  @Test
  @Timeout(300)
  void itsRecordsComeFromItsZone() throws Exception {
    try (WeftProcess controlPlane = WeftProcess.controlPlane(folder, "-Xmx512m");
        WeftProcess inA = agent(controlPlane, "a");
        WeftProcess inB = agent(controlPlane, "b")) {
      RoundTrip records = new RoundTrip(inA.address(), "t", VALUE_BYTES);
      records.createTopic(PARTITIONS);
      records.produce("none", RECORDS);
      for (String rack : List.of("a", "b")) {
        Map<String, Double> bytes = bytesByZone(inA.address() + "," + inB.address(), rack);
        assertThat(bytes.remove(rack)).isGreaterThan((double) RECORDS * VALUE_BYTES);
        assertThat(bytes.values().iterator().next()).isLessThan(RECORDS * VALUE_BYTES / 10.0);
      }
    }
  }

  private WeftProcess agent(WeftProcess controlPlane, String zone) throws InterruptedException {
    return WeftProcess.agent(
        folder, zone, controlPlane.address(), List.of("-Xmx512m"), List.of("--zone", zone));
  }

  /// Reads all records, and says what came from where.
  private static Map<String, Double> bytesByZone(String bootstrapServers, String rack)
      throws Exception {
    Map<String, String> zones = new HashMap<>();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      // Each agent hears of the other in its own time.
      Deadline deadline = Deadline.usual();
      while (zones.size() < 2) {
        deadline.check("there are only agents of the zones %s", zones);
        for (Node node : admin.describeCluster().nodes().get()) {
          zones.put("node-" + node.id(), node.rack());
        }
      }
    }
    assertThat(zones.values()).containsExactlyInAnyOrder("a", "b");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "client.rack", rack),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> all =
          IntStream.range(0, PARTITIONS).mapToObj(i -> new TopicPartition("t", i)).toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      int count = 0;
      Deadline deadline = Deadline.usual();
      while (count < RECORDS) {
        count += consumer.poll(Duration.ofSeconds(1)).count();
        deadline.check("only %d of %d records came", count, RECORDS);
      }
      Map<String, Double> bytes = new TreeMap<>(Map.of("a", 0.0, "b", 0.0));
      consumer
          .metrics()
          .forEach(
              (name, metric) -> {
                String zone = zones.get(name.tags().getOrDefault("node-id", ""));
                if (name.name().equals("incoming-byte-total") && zone != null) {
                  bytes.merge(zone, (double) metric.metricValue(), Double::sum);
                }
              });
      return bytes;
    }
  }
}
