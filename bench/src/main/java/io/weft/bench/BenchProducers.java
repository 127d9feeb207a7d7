package io.weft.bench;

import io.weft.server.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// The producers of one benchmark, which take turns. Owned by one thread.
final class BenchProducers implements AutoCloseable {
  private final String topic;
  private final List<KafkaProducer<byte[], byte[]>> producers = new ArrayList<>();
  private int next;

  BenchProducers(Settings settings) {
    topic = settings.text("topic");
    for (int i = 0; i < settings.number("producers"); i++) {
      producers.add(
          new KafkaProducer<>(
              properties(settings), new ByteArraySerializer(), new ByteArraySerializer()));
    }
  }

  /// A producer of transactions under this id.
  static KafkaProducer<byte[], byte[]> transactional(Settings settings, String transactionalId) {
    Properties properties = properties(settings);
    properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
  }

  void send(byte[] value, Callback callback) {
    var _ = producers.get(next).send(new ProducerRecord<>(topic, value), callback);
    next = (next + 1) % producers.size();
  }

  /// Waits until every record has its answer.
  @Override
  public void close() {
    producers.forEach(KafkaProducer::flush);
    producers.forEach(KafkaProducer::close);
  }

  private static Properties properties(Settings settings) {
    Properties properties = new Properties();
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, settings.text("bootstrap.servers"));
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, settings.text("batch.size"));
    properties.put(ProducerConfig.LINGER_MS_CONFIG, settings.text("linger.ms"));
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, settings.text("compression.type"));
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, settings.text("enable.idempotence"));
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, settings.text("buffer.memory"));
    properties.put(
        ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION,
        settings.text("max.in.flight.requests.per.connection"));
    if (!settings.text("partitioner.class").isEmpty()) {
      properties.put(ProducerConfig.PARTITIONER_CLASS_CONFIG, settings.text("partitioner.class"));
    }
    properties.put(ProducerConfig.CLIENT_ID_CONFIG, settings.text("client.id"));
    return properties;
  }
}
