package io.weft.programs.streams;

import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.state.KeyValueStore;

/// A Kafka Streams application: it counts words exactly once and writes every new count of a word.
///
/// Arguments: bootstrap server, application id, state folder, group protocol, topic of lines, topic
/// of counts. Prints `state …` at each change of state and `restored …` after restoring a partition
/// of the store from its changelog.
public final class WordCount {
  static final String STORE = "counts-store";

  private WordCount() {}

  public static void main(String[] arguments) {
    Properties settings = settings(arguments[0], arguments[1], arguments[2], arguments[3]);
    KafkaStreams streams = new KafkaStreams(topology(arguments[4], arguments[5]), settings);
    streams.setStateListener((now, before) -> System.out.println("state " + now));
    streams.setGlobalStateRestoreListener(new RestoreTeller());
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> System.out.println("closed " + streams.close(Duration.ofSeconds(20)))));
    streams.start();
  }

  private static Properties settings(
      String bootstrapServer, String applicationId, String stateFolder, String groupProtocol) {
    Properties settings = new Properties();
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServer);
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder);
    settings.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, groupProtocol);
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 2);
    settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
    // Every count is written, not only the last one before a commit.
    settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0);
    settings.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
    if (groupProtocol.equals("classic")) {
      settings.put(StreamsConfig.consumerPrefix("session.timeout.ms"), 6_000);
      settings.put(StreamsConfig.consumerPrefix("heartbeat.interval.ms"), 1_000);
    }
    settings.put(StreamsConfig.producerPrefix("transaction.timeout.ms"), 5_000);
    return settings;
  }

  private static Topology topology(String lines, String counts) {
    StreamsBuilder builder = new StreamsBuilder();
    builder.stream(lines, Consumed.with(Serdes.String(), Serdes.String()))
        .flatMapValues(line -> List.of(line.split(" ")))
        .groupBy((key, word) -> word, Grouped.with("words", Serdes.String(), Serdes.String()))
        .count(
            Materialized.<String, Long, KeyValueStore<Bytes, byte[]>>as(STORE)
                .withKeySerde(Serdes.String())
                .withValueSerde(Serdes.Long()))
        .toStream()
        .mapValues(count -> Long.toString(count))
        .to(counts, Produced.with(Serdes.String(), Serdes.String()));
    return builder.build();
  }

  private static final class RestoreTeller implements StateRestoreListener {
    @Override
    public void onRestoreStart(TopicPartition partition, String store, long first, long end) {}

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long last, long records) {}

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long records) {
      System.out.printf("restored %s of %s: %d records%n", partition, store, records);
    }
  }
}
