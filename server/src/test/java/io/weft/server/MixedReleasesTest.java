package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.command.WeftCommand;
import io.weft.server.process.ChildProcess;
import io.weft.server.process.Ports;
import io.weft.server.process.WeftProcess;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A cluster of two releases under load: processes of the release before are those that are told to
/// know the first level of formats alone. They are killed, upgraded one by one, and the upgrade is
/// made final; what was acknowledged is there, where it was acknowledged.
@Timeout(900)
@Order(1)
class MixedReleasesTest {
  private static final int OLD = 1;
  private static final int NEW = 2;
  private static final int ACKS = 100;
  private static final int UNANSWERED_MAX = 200;
  private static final Duration ACKS_WAIT_MAX = Duration.ofMinutes(3);

  /// For the load's threads: longer than a record's delivery may take.
  private static final Duration LOAD_END_MAX = Duration.ofMinutes(3);

  private static final TopicPartition PARTITION = new TopicPartition("numbers", 0);

  @TempDir Path folder;

  private final Map<String, ChildProcess> processes = new ConcurrentHashMap<>();
  private final int controlPlane = Ports.free();
  private final Map<String, Integer> agents = Map.of("one", Ports.free(), "two", Ports.free());
  private Load load;

  @BeforeEach
  void place() {
    assertThat(folder).isEmptyDirectory();
  }

  @AfterEach
  void close() throws InterruptedException {
    processes.values().forEach(ChildProcess::close);
    if (load != null) {
      load.end();
    }
  }

  @ParameterizedTest
  @CsvSource({"1,2", "2,1"})
  void oldAndNewProcessesServeTogether(int controlPlaneLevel, int agentLevel) throws Exception {
    WeftProcess.foundBefore(folder);
    // Together: agents wait for the control plane.
    for (ChildProcess each :
        List.of(
            launchControlPlane(controlPlaneLevel),
            launchAgent("one", agentLevel),
            launchAgent("two", agentLevel))) {
      WeftProcess.ready(each);
    }
    createTopic();
    load = new Load(bootstrapServers());
    load.awaitAcks(ACKS);

    kill("control-plane");
    startControlPlane(controlPlaneLevel);
    load.awaitAcks(ACKS);
    kill("one");
    startAgent("one", agentLevel);
    load.awaitAcks(ACKS);
    assertThat(upgrade("finish"))
        .containsAnyOf(
            "is of a release that does not know DescribeUpgrade: it has to be upgraded",
            "knows levels up to 1, it has to be upgraded first",
            "has not said yet which levels it knows");

    kill("control-plane");
    startControlPlane(NEW);
    for (String agent : List.of("one", "two")) {
      processes.get(agent).stop();
      startAgent(agent, NEW);
    }
    load.awaitAcks(ACKS);
    // Agents that were killed are still known until their lease has ended.
    String said = upgrade("finish");
    while (!said.startsWith("Level 2 is final")) {
      load.awaitAcks(ACKS);
      said = upgrade("finish");
    }
    load.awaitAcks(ACKS);
    assertThat(upgrade("status"))
        .contains("control plane 127.0.0.1:" + controlPlane + ": release ", "final: level 2");
    load.checkThatAllIsThere();

    processes.get("control-plane").stop();
    ChildProcess old = launchControlPlane(OLD);
    old.awaitLine(line -> line.contains("a newer release wrote it"));
    old.kill();
  }

  private void kill(String name) throws InterruptedException {
    ChildProcess process = processes.get(name);
    assertThat(process.isAlive()).as(process.output()).isTrue();
    process.kill();
  }

  private ChildProcess launchControlPlane(int level) {
    return launch(
        "control-plane",
        "--listen",
        "127.0.0.1:" + controlPlane,
        "--journal",
        "file:" + folder.resolve("journal"),
        "--leader-lease-ms",
        "1000",
        "--agent-lease-ms",
        "5000",
        "--snapshot-every-entries",
        "20",
        "--format-level",
        Integer.toString(level));
  }

  private void startControlPlane(int level) throws InterruptedException {
    WeftProcess.ready(launchControlPlane(level));
  }

  private void startAgent(String name, int level) throws InterruptedException {
    WeftProcess.ready(launchAgent(name, level));
  }

  private ChildProcess launchAgent(String name, int level) {
    return launch(
        name,
        "--listen",
        "127.0.0.1:" + agents.get(name),
        "--control-plane",
        "127.0.0.1:" + controlPlane,
        "--bucket",
        "file:" + folder.resolve("records"),
        "--flush-interval-ms",
        "50",
        "--format-level",
        Integer.toString(level));
  }

  private ChildProcess launch(String name, String... options) {
    List<String> arguments = new ArrayList<>();
    arguments.add(agents.containsKey(name) ? "agent" : name);
    arguments.addAll(List.of(options));
    ChildProcess process =
        WeftProcess.launch(folder.resolve("run-" + name), List.of("-Xmx256m"), arguments);
    processes.put(name, process);
    return process;
  }

  private String bootstrapServers() {
    return "127.0.0.1:%d,127.0.0.1:%d".formatted(agents.get("one"), agents.get("two"));
  }

  private void createTopic() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
      admin
          .createTopics(List.of(new NewTopic(PARTITION.topic(), 1, (short) 1)))
          .all()
          .get(1, TimeUnit.MINUTES);
    }
  }

  /// @return all that it printed
  private String upgrade(String step) {
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    int _ =
        new WeftCommand(Map.of(), out, out)
            .run("upgrade", step, "--control-plane", "127.0.0.1:" + controlPlane);
    return said.toString();
  }

  /// A producer and a consumer of numbers that go on whatever happens to the cluster. Two threads.
  private static final class Load {
    private final Map<Long, Long> offsets = new ConcurrentHashMap<>();
    private final Map<Long, Long> found = new ConcurrentHashMap<>();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final Semaphore acks = new Semaphore(0);
    private final Semaphore unanswered = new Semaphore(UNANSWERED_MAX);
    private final String bootstrapServers;
    private final Thread writer;
    private final Thread reader;
    private volatile boolean written;
    private volatile boolean ended;

    Load(String bootstrapServers) {
      this.bootstrapServers = bootstrapServers;
      this.writer = Thread.ofPlatform().daemon().start(this::write);
      this.reader = Thread.ofPlatform().daemon().start(this::read);
    }

    /// Waits until so many more were acknowledged.
    void awaitAcks(int count) throws InterruptedException {
      acks.drainPermits();
      assertThat(acks.tryAcquire(count, ACKS_WAIT_MAX.toSeconds(), TimeUnit.SECONDS))
          .as("%d more records were acknowledged; failed: %s", count, failures)
          .isTrue();
    }

    void checkThatAllIsThere() throws InterruptedException {
      written = true;
      awaitEnds();
      assertThat(failures).isEmpty();
      assertThat(offsets).hasSizeGreaterThan(5 * ACKS);
      assertThat(found).containsAllEntriesOf(offsets);
    }

    void end() throws InterruptedException {
      written = true;
      ended = true;
      // A producer without an id waits for one for ever, and the cluster is gone.
      writer.interrupt();
      awaitEnds();
    }

    private void awaitEnds() throws InterruptedException {
      assertThat(writer.join(LOAD_END_MAX)).as("the writer has ended").isTrue();
      assertThat(reader.join(LOAD_END_MAX)).as("the reader has read all").isTrue();
    }

    private void write() {
      Map<String, Object> settings =
          Map.of(
              "bootstrap.servers",
              bootstrapServers,
              "acks",
              "all",
              "enable.idempotence",
              "true",
              "request.timeout.ms",
              10_000,
              "delivery.timeout.ms",
              120_000,
              "metadata.max.age.ms",
              500,
              "linger.ms",
              5);
      KafkaProducer<Long, Long> producer =
          new KafkaProducer<>(settings, new LongSerializer(), new LongSerializer());
      try {
        for (long number = 0; !written; number++) {
          unanswered.acquire();
          send(producer, number);
        }
      } catch (InterruptedException | InterruptException e) {
        ended = true;
        Thread.currentThread().interrupt();
      } finally {
        close(producer);
      }
    }

    /// All that was sent is answered first, unless nobody is there to answer.
    private void close(KafkaProducer<Long, Long> producer) {
      try {
        producer.close(ended ? Duration.ZERO : LOAD_END_MAX.minusMinutes(1));
      } catch (InterruptException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void send(KafkaProducer<Long, Long> producer, long number) {
      var _ =
          producer.send(
              new ProducerRecord<>(PARTITION.topic(), PARTITION.partition(), null, number),
              (placed, failure) -> {
                unanswered.release();
                if (failure != null) {
                  failures.add(number + ": " + failure);
                } else {
                  offsets.put(number, placed.offset());
                  acks.release();
                }
              });
    }

    private void read() {
      Map<String, Object> settings =
          Map.of(
              "bootstrap.servers",
              bootstrapServers,
              "auto.offset.reset",
              "none",
              "enable.auto.commit",
              "false",
              "metadata.max.age.ms",
              500);
      try (KafkaConsumer<Long, Long> consumer =
          new KafkaConsumer<>(settings, new LongDeserializer(), new LongDeserializer())) {
        consumer.assign(List.of(PARTITION));
        consumer.seek(PARTITION, 0);
        while (!ended && (writer.isAlive() || !found.keySet().containsAll(offsets.keySet()))) {
          for (ConsumerRecord<Long, Long> each : consumer.poll(Duration.ofMillis(200))) {
            Long before = found.put(each.value(), each.offset());
            if (before != null) {
              failures.add("%d is there twice".formatted(each.value()));
            }
          }
        }
      }
    }
  }
}
