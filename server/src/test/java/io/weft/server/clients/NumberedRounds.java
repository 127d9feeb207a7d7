package io.weft.server.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;

/// A producer and a consumer that write and read one record in each partition, round after round,
/// and find each record once and where it has to be. Used by one thread.
public final class NumberedRounds implements AutoCloseable {
  /// So many that chance gives each of two agents one.
  private static final int PARTITIONS = 24;

  private static final String TOPIC = "t";

  private final KafkaProducer<Long, Long> producer;
  private final KafkaConsumer<Long, Long> consumer;
  private long next;

  /// Where the next record of each partition lies.
  private final List<Long> offsets =
      new ArrayList<>(IntStream.range(0, PARTITIONS).mapToObj(_ -> 0L).toList());

  public static void createTopic(String bootstrapServers) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      admin
          .createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
          .all()
          .get(2, TimeUnit.MINUTES);
    }
  }

  /// @param writing the producer's settings
  /// @param reading the consumer's settings
  public NumberedRounds(Map<String, Object> writing, Map<String, Object> reading) {
    producer = new BoundedProducer<>(writing, new LongSerializer(), new LongSerializer());
    // A position taken for truncated would find no policy to start anew by, and would throw.
    Map<String, Object> withoutReset = new HashMap<>(reading);
    withoutReset.put("auto.offset.reset", "none");
    consumer = new KafkaConsumer<>(withoutReset, new LongDeserializer(), new LongDeserializer());
    List<TopicPartition> partitions =
        IntStream.range(0, PARTITIONS).mapToObj(i -> new TopicPartition(TOPIC, i)).toList();
    consumer.assign(partitions);
    partitions.forEach(partition -> consumer.seek(partition, 0));
  }

  /// Writes and reads until both clients take the agents at these ports, and no others, for the
  /// leaders; then one round more.
  public void workUntilLedBy(int... ports) throws InterruptedException {
    Set<Integer> wanted = IntStream.of(ports).boxed().collect(Collectors.toSet());
    workUntilLedBy(wanted, wanted);
  }

  /// As [#workUntilLedBy(int...)], where the two clients are sent to other agents.
  public void workUntilLedBy(Set<Integer> producers, Set<Integer> consumers)
      throws InterruptedException {
    Deadline deadline = Deadline.usual();
    do {
      round();
      deadline.check(
          "the leaders are those at %s for the producer, at %s for the consumer, not at %s and %s",
          ports(producer.partitionsFor(TOPIC)),
          ports(consumer.partitionsFor(TOPIC)),
          producers,
          consumers);
    } while (!ports(producer.partitionsFor(TOPIC)).equals(producers)
        || !ports(consumer.partitionsFor(TOPIC)).equals(consumers));
    round();
  }

  /// Of the leaders; a partition without one has port -1.
  private static Set<Integer> ports(List<PartitionInfo> partitions) {
    Set<Integer> ports = new TreeSet<>();
    for (PartitionInfo each : partitions) {
      Node leader = each.leader();
      ports.add(leader == null ? -1 : leader.port());
    }
    return ports;
  }

  private void round() {
    long number = next++;
    for (int partition = 0; partition < PARTITIONS; partition++) {
      // A record that is refused does not come.
      var _ = producer.send(new ProducerRecord<>(TOPIC, partition, number, number));
    }
    producer.flush();
    int owed = PARTITIONS;
    Deadline deadline = Deadline.usual();
    while (owed > 0) {
      deadline.check("%d records of round %d have not come", owed, number);
      for (ConsumerRecord<Long, Long> record : consumer.poll(Duration.ofMillis(200))) {
        assertThat(record.value()).isEqualTo(number);
        assertThat(record.offset()).isEqualTo(offsets.get(record.partition()));
        offsets.set(record.partition(), record.offset() + 1);
        owed--;
      }
    }
  }

  @Override
  public void close() {
    producer.close();
    consumer.close();
  }
}
