package io.weft.programs.streams;

import io.weft.programs.Clients;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/// Sends lines of words until it is stopped, and counts them.
final class Feeder {
  private static final int VOCABULARY = 40;
  private static final int WORDS_PER_LINE = 5;
  private static final int LINE_EVERY_MS = 10;

  private final Clients clients;
  private final String topic;
  private final Random random;
  private final Map<String, Long> counts = new TreeMap<>();
  private final Thread thread;
  private volatile boolean stopping;
  private volatile Exception failure;

  private Feeder(Clients clients, String topic, long seed) {
    this.clients = clients;
    this.topic = topic;
    this.random = new Random(seed);
    this.thread = Thread.ofVirtual().start(this::feed);
  }

  static Feeder start(Clients clients, String topic, long seed) {
    return new Feeder(clients, topic, seed);
  }

  /// Ends it when all it sent is acknowledged.
  ///
  /// @return how often it sent each word
  Map<String, Long> stop() throws InterruptedException {
    stopping = true;
    thread.join();
    if (failure != null) {
      throw new IllegalStateException("not all lines were taken", failure);
    }
    return counts;
  }

  private void feed() {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (KafkaProducer<String, String> producer = clients.producer(Map.of("linger.ms", 5))) {
      while (!stopping) {
        sent.add(producer.send(new ProducerRecord<>(topic, line())));
        Thread.sleep(LINE_EVERY_MS);
      }
      for (Future<RecordMetadata> one : sent) {
        one.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      failure = e;
    }
  }

  private String line() {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < WORDS_PER_LINE; i++) {
      String word = "word-" + random.nextInt(VOCABULARY);
      counts.merge(word, 1L, Long::sum);
      words.add(word);
    }
    return String.join(" ", words);
  }
}
