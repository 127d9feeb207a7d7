package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.clients.BoundedProducer;
import io.weft.server.clients.Deadline;
import io.weft.server.process.WeftProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Agents of one zone, in processes of their own, share what they read once level 2 is final.
class NeighboursTest {
  private static final int AGENTS = 3;
  private static final int PARTITIONS = 6;

  /// Each makes a file or more of each agent, and each file has one of two owners in the end: that
  /// none of an agent's is the other's does not happen.
  private static final int ROUNDS = 24;

  private static final int VALUE_BYTES = 512;

  @TempDir Path folder;

  @Test
  @Timeout(300)
  void theyServeEachOtherAndGoOnWithoutOne() throws Exception {
    try (WeftProcess controlPlane = WeftProcess.controlPlane(folder, "-Xmx256m")) {
      List<WeftProcess> agents = new ArrayList<>();
      try {
        for (int i = 0; i < AGENTS; i++) {
          agents.add(agent(controlPlane, "agent-" + i));
        }
        awaitNeighbours(agents);
        RoundTrip records = new RoundTrip(agents.getFirst().address(), "t", VALUE_BYTES);
        records.createTopic(PARTITIONS);
        records.produce("none", PARTITIONS);
        produce(agents.getFirst().address());
        assertThat(readAll(agents)).isEqualTo((ROUNDS + 1) * PARTITIONS);

        // What it led and wrote is read by the two others now: in each case one of them is the
        // owner.
        agents.removeLast().close();
        assertThat(readAll(agents)).isEqualTo((ROUNDS + 1) * PARTITIONS);
        assertThat(sum(agents, "weft_neighbour_served_total")).isPositive();
        assertThat(sum(agents, "weft_neighbour_answered_bytes_total")).isPositive();
        assertThat(sum(agents, "weft_neighbour_refused_total")).isZero();
      } finally {
        agents.forEach(WeftProcess::close);
      }
    }
  }

  /// One file or more of each agent in each round.
  private static void produce(String bootstrapServers) {
    try (KafkaProducer<byte[], byte[]> producer =
        new BoundedProducer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < ROUNDS; i++) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
          var _ = producer.send(new ProducerRecord<>("t", partition, null, new byte[VALUE_BYTES]));
        }
        producer.flush();
      }
    }
  }

  /// One that leaves files as they are: of a single merged one, the reader itself may be the owner.
  private WeftProcess agent(WeftProcess controlPlane, String name) throws InterruptedException {
    return WeftProcess.agent(
        folder,
        name,
        controlPlane.address(),
        List.of("-Xmx256m"),
        List.of("--zone", "a", "--metrics-listen", "127.0.0.1:0"));
  }

  /// Each agent hears of the others when it next looks at the catalog, as requests make it do.
  private static void awaitNeighbours(List<WeftProcess> agents) throws Exception {
    Deadline deadline = Deadline.usual();
    while (sum(agents, "weft_neighbours") < AGENTS * AGENTS) {
      for (WeftProcess agent : agents) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", agent.address()))) {
          var _ = admin.describeCluster().nodes().get(1, TimeUnit.MINUTES);
        }
      }
      deadline.check("the agents know of %s", sum(agents, "weft_neighbours"));
    }
  }

  private static double sum(List<WeftProcess> agents, String metric) throws Exception {
    double sum = 0;
    for (WeftProcess agent : agents) {
      sum += agent.metric(metric);
    }
    return sum;
  }

  /// @return records read
  private static int readAll(List<WeftProcess> agents) {
    int count = 0;
    String servers = String.join(",", agents.stream().map(WeftProcess::address).toList());
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", servers, "client.rack", "a"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> all =
          IntStream.range(0, PARTITIONS).mapToObj(i -> new TopicPartition("t", i)).toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      long end = consumer.endOffsets(all).values().stream().mapToLong(Long::longValue).sum();
      Deadline deadline = Deadline.usual();
      while (count < end) {
        count += consumer.poll(Duration.ofSeconds(1)).count();
        deadline.check("only %d of %d records came", count, end);
      }
    }
    return count;
  }
}
