package io.weft.programs.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.programs.Clients;
import io.weft.programs.Target;
import io.weft.server.process.ChildProcess;
import io.weft.server.process.KafkaPeer;
import io.weft.server.process.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Kafka Streams with exactly-once: a word count with a repartition topic and a changelog, killed
/// and started again while lines come in, counts every word exactly once.
@Order(1)
class KafkaStreamsTest {
  private static final int PARTITIONS = 3;
  private static final int COUNTS_PER_LIFE = 1_000;
  private static final Duration WAIT_MAX = Duration.ofMinutes(2);

  @TempDir static Path folder;

  private static Target target;
  private static Clients clients;

  /// What happens to a running application, and to its state folder before it is started again.
  private enum Fate {
    KILLED,
    KILLED_AND_STATE_LOST,
    STOPPED,
    STOPPED_AND_STATE_LOST
  }

  @BeforeAll
  static void start() throws InterruptedException {
    target = Target.start(folder);
    clients = target.clients();
  }

  @AfterAll
  static void stop() {
    if (target != null) {
      target.close();
    }
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void countsExactlyOnceThroughKills() throws Exception {
    countThrough("classic", Fate.KILLED, Fate.KILLED_AND_STATE_LOST, Fate.KILLED);
  }

  /// KIP-1071. A session of this protocol lasts 45 s at least, so that a kill would cost the test a
  /// minute.
  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void countsExactlyOnceInAStreamsGroup() throws Exception {
    countThrough("streams", Fate.STOPPED_AND_STATE_LOST);
  }

  private void countThrough(String protocol, Fate... fates) throws Exception {
    long seed = Long.getLong("weft.programs.seed", System.nanoTime());
    System.out.println("seed of the word count: -Dweft.programs.seed=" + seed);
    Random random = new Random(seed);
    String application = "word-count-" + protocol;
    clients.createTopic(application + "-lines", PARTITIONS);
    clients.createTopic(application + "-counts", PARTITIONS);
    Path state = folder.resolve(application);
    ChildProcess running = launch(application, protocol, state);
    try (CountReader reader = new CountReader(clients, application + "-counts", PARTITIONS)) {
      Feeder feeder = Feeder.start(clients, application + "-lines", random.nextLong());
      for (Fate fate : fates) {
        read(reader, COUNTS_PER_LIFE + random.nextInt(COUNTS_PER_LIFE / 2), running);
        end(running, fate, state);
        running = launch(application, protocol, state);
      }
      read(reader, COUNTS_PER_LIFE, running);
      assertThat(running.output())
          .containsPattern("restored .*-%s-changelog-.*: [1-9]".formatted(WordCount.STORE));
      Map<String, Long> fed = feeder.stop();
      long words = fed.values().stream().mapToLong(count -> count).sum();
      reader.readUntil(words, WAIT_MAX);
      end(running, Fate.STOPPED, state);
      reader.readToTheEnd(WAIT_MAX);

      assertThat(reader.wrong()).isEmpty();
      assertThat(reader.counts()).isEqualTo(fed);
    } finally {
      running.close();
    }
    assertChangelogIsCompacted(application);
  }

  /// Reads so many counts that this run of the application has written.
  private static void read(CountReader reader, long count, ChildProcess running) throws Exception {
    running.awaitLine(line -> line.equals("state RUNNING"));
    try {
      reader.readToTheEnd(WAIT_MAX);
      reader.readMore(count, WAIT_MAX);
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; the application said:\n" + running.output(), e);
    }
    assertThat(running.isAlive()).as(running.output()).isTrue();
  }

  private static ChildProcess launch(String application, String protocol, Path state) {
    Path classes = Repository.root().resolve("programs/target/test-classes");
    return KafkaPeer.launch(
        folder,
        List.of(classes),
        WordCount.class.getName(),
        List.of(
            target.address(),
            application,
            state.toString(),
            protocol,
            application + "-lines",
            application + "-counts"));
  }

  private static void end(ChildProcess running, Fate fate, Path state)
      throws InterruptedException, IOException {
    switch (fate) {
      case KILLED, KILLED_AND_STATE_LOST -> running.kill();
      case STOPPED, STOPPED_AND_STATE_LOST -> {
        running.signal("TERM");
        running.awaitEnd(WAIT_MAX);
        assertThat(running.output()).contains("closed true");
      }
    }
    switch (fate) {
      case KILLED_AND_STATE_LOST, STOPPED_AND_STATE_LOST -> deleteAll(state);
      case KILLED, STOPPED -> {}
    }
  }

  private static void deleteAll(Path state) throws IOException {
    try (Stream<Path> files = Files.walk(state)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void assertChangelogIsCompacted(String application) throws Exception {
    String changelog = "%s-%s-changelog".formatted(application, WordCount.STORE);
    ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, changelog);
    try (Admin admin = clients.admin()) {
      assertThat(admin.listTopics().names().get())
          .contains(changelog, application + "-words-repartition");
      Config config = admin.describeConfigs(List.of(topic)).all().get().get(topic);
      assertThat(config.get("cleanup.policy").value()).isEqualTo("compact");
    }
  }
}
