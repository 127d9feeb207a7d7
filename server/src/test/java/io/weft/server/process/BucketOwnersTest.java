package io.weft.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.codec.Levels;
import io.weft.environment.Environment;
import io.weft.server.address.Addresses;
import io.weft.server.clients.BoundedProducer;
import io.weft.server.clients.Deadline;
import io.weft.server.metrics.Readiness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Processes as an operator runs them, on a bucket that is not theirs, or with a journal that is
/// not the one it was.
@Timeout(600)
@Order(1)
class BucketOwnersTest {
  private static final String TOPIC = "owned";
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration END_MAX = Duration.ofMinutes(2);

  @TempDir Path directory;

  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  @Test
  void theAgentOfASecondClusterIsRefusedWithBothIdsUntilItsBucketIsNamedOrAdopted()
      throws Exception {
    WeftProcess firstPlane = controlPlane("journal-a");
    WeftProcess first = agent(firstPlane);
    produce(first.address(), "of-a");
    WeftProcess secondPlane = controlPlane("journal-b");

    ChildProcess refused = launch(agentArguments(secondPlane.address()));
    assertThat(refused.awaitEnd(END_MAX)).isEqualTo(2);
    String owner = run("bucket", "show", "--bucket", "file:bucket").lines().findFirst().orElse("");
    String firstId = owner.substring("cluster: ".length());
    String said = lastLine(refused);
    assertThat(said)
        .startsWith("The bucket 'file:bucket' cannot be used: it belongs to cluster " + firstId)
        .contains("weft bucket adopt")
        .contains("docs/recovery.md");
    assertThat(refused.output()).doesNotContain("\tat ");
    String secondId = said.replaceAll(".*--cluster=(\\S+) .*", "$1");
    assertThat(secondId).isNotEqualTo(firstId);
    assertThat(said).contains("this agent's control plane is that of cluster " + secondId);
    assertThat(read(first.address(), 1)).containsExactly("of-a");

    first.close();
    run("bucket", "adopt", "--bucket", "file:bucket", "--cluster=" + secondId);
    assertThat(launch(agentArguments(firstPlane.address())).awaitEnd(END_MAX)).isEqualTo(2);
    assertThat(
            run(
                "bucket",
                "skip-ids",
                "--bucket",
                "file:bucket",
                "--control-plane",
                secondPlane.address()))
        .contains("the next one to be given is");
    WeftProcess second = agent(secondPlane);
    produce(second.address(), "of-b");
    assertThat(read(second.address(), 1)).containsExactly("of-b");

    ChildProcess early =
        launch(
            List.of(
                "bucket",
                "skip-ids",
                "--bucket",
                "file:bucket",
                "--control-plane",
                secondPlane.address()));
    assertThat(early.awaitEnd(END_MAX)).as(early.output()).isEqualTo(2);
    assertThat(lastLine(early))
        .contains("registered with the control plane")
        .contains("end it, and run this again");
  }

  @Test
  void aJournalThatLostItsEndStopsTheAgentBeforeAnythingIsOverwritten() throws Exception {
    WeftProcess plane = controlPlane("journal");
    awaitCluster(plane);
    Map<Path, byte[]> copy = journalEntries("journal");
    WeftProcess writer = agent(plane);
    produce(writer.address(), "kept");
    writer.process().kill();
    plane.process().kill();
    Map<Path, byte[]> files = contents("bucket");
    restore("journal", copy);

    WeftProcess forgetful = controlPlane("journal");
    WeftProcess agent = agent(forgetful);
    assertThatThrownBy(() -> produce(agent.address(), "lost", 15_000))
        .isInstanceOf(ExecutionException.class);
    assertThat(agent.process().awaitEnd(END_MAX)).isEqualTo(1);
    assertThat(lastLine(agent.process()))
        .startsWith("This agent has stopped: at files/")
        .contains("the control plane has given this id a second time")
        .contains("its journal has probably lost its end")
        .contains("docs/recovery.md");
    assertThat(agent.process().output()).doesNotContain("\tat ");
    files.forEach((path, bytes) -> assertThat(path).hasBinaryContent(bytes));

    assertThat(
            run(
                "bucket",
                "skip-ids",
                "--bucket",
                "file:bucket",
                "--control-plane",
                forgetful.address()))
        .contains("the next one to be given is");
    WeftProcess goesOn = agent(forgetful);
    produce(goesOn.address(), "new");
    assertThat(read(goesOn.address(), 1)).containsExactly("new");
    files.forEach((path, bytes) -> assertThat(path).hasBinaryContent(bytes));
  }

  private WeftProcess controlPlane(String journal) throws InterruptedException {
    return opened(
        WeftProcess.start(
            directory,
            List.of("control-plane", "--listen", "127.0.0.1:0", "--journal", "file:" + journal)));
  }

  private WeftProcess agent(WeftProcess controlPlane) throws InterruptedException {
    return opened(WeftProcess.start(directory, agentArguments(controlPlane.address())));
  }

  private static List<String> agentArguments(String controlPlane) {
    return List.of(
        "agent",
        "--listen",
        "127.0.0.1:0",
        "--bucket",
        "file:bucket",
        "--control-plane",
        controlPlane);
  }

  private <T extends AutoCloseable> T opened(T each) {
    opened.add(each);
    return each;
  }

  private ChildProcess launch(List<String> arguments) {
    return opened(WeftProcess.launch(directory, List.of("-Xmx128m"), arguments));
  }

  /// Runs a command to its good end.
  private String run(String... arguments) throws InterruptedException {
    ChildProcess command = launch(List.of(arguments));
    int code = command.awaitEnd(END_MAX);
    assertThat(code).as(command.output()).isZero();
    return command.output();
  }

  private static String lastLine(ChildProcess process) {
    return process.output().lines().reduce("", (before, line) -> line);
  }

  /// Until the cluster is founded: its id is in the journal.
  private static void awaitCluster(WeftProcess plane) throws InterruptedException {
    ControlPlaneWait.awaitAnswer(
        Addresses.several("test", plane.address()),
        Levels.KNOWN,
        new Readiness(),
        Environment.system());
  }

  /// The entries of a journal that may be at work: each is written once, and never changes.
  private Map<Path, byte[]> journalEntries(String folder) throws IOException {
    Map<Path, byte[]> entries = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory.resolve(folder).resolve("journal"))) {
      for (Path file : files.filter(BucketOwnersTest::isEntry).sorted().toList()) {
        try {
          entries.put(file, Files.readAllBytes(file));
        } catch (NoSuchFileException removed) {
          // Beyond the retention of the journal.
        }
      }
    }
    assertThat(entries).isNotEmpty();
    return entries;
  }

  private static boolean isEntry(Path file) {
    return file.getFileName().toString().matches("\\d{20}");
  }

  /// Of a folder that nobody writes to.
  private Map<Path, byte[]> contents(String folder) throws IOException {
    Map<Path, byte[]> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(directory.resolve(folder))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(file, Files.readAllBytes(file));
      }
    }
    return contents;
  }

  private void restore(String folder, Map<Path, byte[]> copy) throws IOException {
    for (Path file : contents(folder).keySet()) {
      Files.delete(file);
    }
    for (Map.Entry<Path, byte[]> file : copy.entrySet()) {
      Files.write(file.getKey(), file.getValue());
    }
  }

  private static void produce(String address, String value)
      throws ExecutionException, InterruptedException {
    produce(address, value, 120_000);
  }

  private static void produce(String address, String value, int deliveryTimeoutMs)
      throws ExecutionException, InterruptedException {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            address,
            "delivery.timeout.ms",
            deliveryTimeoutMs,
            "request.timeout.ms",
            10_000,
            "max.block.ms",
            deliveryTimeoutMs);
    try (KafkaProducer<String, String> producer =
        new BoundedProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(TOPIC, 0, null, value)).get();
    }
  }

  private static List<String> read(String address, int count) {
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", address),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(PARTITION));
      consumer.seekToBeginning(List.of(PARTITION));
      Deadline deadline = Deadline.usual();
      while (values.size() < count) {
        consumer.poll(POLL).forEach(record -> values.add(record.value()));
        deadline.check("only %d of %d records came", values.size(), count);
      }
    }
    return values;
  }
}
