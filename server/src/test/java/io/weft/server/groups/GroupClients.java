package io.weft.server.groups;

import io.weft.server.clients.BoundedProducer;
import io.weft.server.clients.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Clients of one cluster, as the tests of groups need them.
record GroupClients(String bootstrap) {
  private static final long WAIT_MS_MAX = 120_000;

  Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", bootstrap));
  }

  void createTopic(String name, int partitions) throws Exception {
    try (Admin admin = admin()) {
      admin
          .createTopics(List.of(new NewTopic(name, partitions, (short) 1)))
          .all()
          .get(WAIT_MS_MAX, TimeUnit.MILLISECONDS);
    }
  }

  /// Sends numbers, spread over the partitions.
  void produce(String topic, int first, int count, int partitions) throws Exception {
    Map<String, Object> settings = Map.of("bootstrap.servers", bootstrap);
    try (KafkaProducer<String, String> producer =
        new BoundedProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      for (int i = first; i < first + count; i++) {
        var _ =
            producer.send(new ProducerRecord<>(topic, i % partitions, null, Integer.toString(i)));
      }
      producer.flush();
    }
  }

  /// @param more settings in pairs of name and value
  KafkaConsumer<String, String> consumer(String group, String... more) {
    Map<String, Object> settings = new TreeMap<>();
    settings.put("bootstrap.servers", bootstrap);
    settings.put("group.id", group);
    settings.put("auto.offset.reset", "earliest");
    settings.put("enable.auto.commit", "false");
    settings.put("key.deserializer", StringDeserializer.class);
    settings.put("value.deserializer", StringDeserializer.class);
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return new KafkaConsumer<>(settings);
  }

  /// Polls until so many values have come.
  static List<String> poll(KafkaConsumer<String, String> consumer, int count) {
    List<String> values = new ArrayList<>();
    Deadline deadline = Deadline.usual();
    while (values.size() < count) {
      for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(100))) {
        values.add(each.value());
      }
      deadline.check("only %d of %d values came", values.size(), count);
    }
    return values;
  }
}
