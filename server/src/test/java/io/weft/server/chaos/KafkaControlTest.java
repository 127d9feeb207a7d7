package io.weft.server.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.environment.Environment;
import io.weft.history.check.Verdict;
import io.weft.server.clients.Deadline;
import io.weft.server.process.KafkaPeer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// The control: a real Apache Kafka under the same workload passes the same checker, so that what
/// the checker finds in Weft is Weft's.
@Isolated("its processes take all of the machine")
class KafkaControlTest {
  private static final long WRITING_MS = 5_000;

  /// Kafka's default. Requests that time out while producers are new have left sends unanswered for
  /// good, and a busy machine may stand still for seconds.
  private static final int REQUEST_TIMEOUT_MS = 30_000;

  private final Environment environment = Environment.system();

  @Test
  void apacheKafkaPasses() throws Exception {
    Path folder = Path.of("target", "chaos", "kafka").toAbsolutePath();
    try (KafkaPeer kafka =
            KafkaPeer.start(
                folder.resolve("broker-" + environment.randomness().nextInt(1 << 20)), List.of());
        Workload workload = new Workload(folder, kafka.bootstrapServers(), REQUEST_TIMEOUT_MS)) {
      workload.createTopic(1);
      workload.start(4, List.of("a", "b"));
      // Undisturbed: paused while producers were new, Kafka left sends of theirs unanswered for
      // good.
      environment.tasks().sleepMs(WRITING_MS);
      workload.stopWriting();
      LogCopy whole =
          Deadline.await(
              workload.readAll("read-all", "a", kafka.bootstrapServers()),
              environment,
              Workload.READING_MAX,
              "not everything was read");
      workload.compare("everything", whole, whole);
      workload.finishFollowing(whole);

      Verdict verdict = workload.verdict();

      System.out.println("control, Apache Kafka: " + verdict);
      assertThat(workload.problems()).isEmpty();
      assertThat(verdict.isClean()).as(verdict.toString()).isTrue();
      assertThat(verdict.summary().sends().acked()).isPositive();
    }
  }
}
