package io.weft.server.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.environment.Environment;
import io.weft.history.check.Verdict;
import io.weft.server.process.KafkaPeer;
import io.weft.storage.object.s3.S3Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// Real clients make exactly one output of every input, in transactions, in groups of both
/// protocols, while processes are killed and paused, the store fails them, and clients hang and are
/// replaced.
///
/// `bin/chaos-eos` runs the long form; docs/chaos.md says how to read what it prints.
@Isolated("its processes take all of the machine")
class EosChaosTest {
  private static final String BUCKET = "weft-chaos-eos";
  private static final long TROUBLE_MS = Long.getLong("weft.chaos.seconds", 20) * 1_000;
  private static final long CONTROL_MS = 5_000;

  /// Before the trouble and after it, so that there is something to be broken, and to be mended.
  private static final long CALM_MS = 3_000;

  private final Environment environment = Environment.system();

  @Test
  void everyInputHasOneOutput() throws Exception {
    try (ChaosStore store = ChaosStore.real()) {
      run("eos-" + store.name(), store.endpoint());
    }
  }

  /// The control: a real Apache Kafka, undisturbed, passes with the same clients and checker.
  @Test
  void apacheKafkaPasses() throws Exception {
    Path folder = Path.of("target", "chaos", "eos-kafka").toAbsolutePath();
    try (KafkaPeer kafka =
            KafkaPeer.start(
                folder.resolve("broker-" + environment.randomness().nextInt(1 << 20)), List.of());
        EosRun run = new EosRun(folder, kafka.bootstrapServers());
        EosClients clients = new EosClients(run)) {
      clients.createTopics(1);
      clients.start();
      environment.tasks().sleepMs(CONTROL_MS);
      clients.finish("a", kafka.port());
      clients.readAll("a", kafka.port());
      judge("control, Apache Kafka", run);
    }
  }

  private void run(String name, S3Endpoint endpoint) throws Exception {
    long seed = Long.getLong("weft.chaos.seed", environment.randomness().nextLong());
    System.out.printf("chaos on %s begins, seed %d, %d s%n", name, seed, TROUBLE_MS / 1_000);
    Random random = new Random(seed);
    endpoint.createBucket(BUCKET);
    Path folder = Path.of("target", "chaos", name).toAbsolutePath();
    try (Cluster cluster =
            new Cluster(
                folder, endpoint, BUCKET, List.of(Member.values()), new Random(random.nextLong()));
        EosRun run = new EosRun(folder, cluster.bootstrapServers());
        EosClients clients = new EosClients(run)) {
      for (Member member : cluster.members()) {
        cluster.launch(member);
      }
      for (Member member : cluster.members()) {
        cluster.awaitReady(member);
      }
      clients.createTopics(3);
      clients.start();
      Nemesis nemesis =
          new Nemesis(cluster, run.recorder(), environment, new Random(random.nextLong()));
      environment.tasks().sleepMs(CALM_MS);
      nemesis.run(TROUBLE_MS);
      environment.tasks().sleepMs(CALM_MS);
      Member first = cluster.agents().getFirst();
      clients.finish(first.zone(), port(cluster, first));
      compareAll(cluster, run, clients);
      cluster.errors().forEach(run::problem);
      System.out.printf("deeds %s%n", nemesis.done());
      judge(name + ", seed " + seed, run);
    }
  }

  /// All agents give the same, with warm caches and cold ones.
  private static void compareAll(Cluster cluster, EosRun run, EosClients clients)
      throws InterruptedException {
    List<List<List<CommittedReader.Given>>> whole =
        readAll(cluster, clients, cluster.agents().getFirst());
    for (Member agent : cluster.agents()) {
      if (!readAll(cluster, clients, agent).equals(whole)) {
        run.problem("%s gives other records than the first agent".formatted(agent));
      }
    }
    for (Member member : cluster.members()) {
      cluster.kill(member);
      cluster.launch(member);
    }
    for (Member member : cluster.members()) {
      cluster.awaitReady(member);
    }
    for (Member agent : cluster.agents()) {
      if (!readAll(cluster, clients, agent).equals(whole)) {
        run.problem("%s gives other records, cold, than the first agent".formatted(agent));
      }
    }
  }

  private static List<List<List<CommittedReader.Given>>> readAll(
      Cluster cluster, EosClients clients, Member agent) throws InterruptedException {
    return clients.readAll(agent.zone(), port(cluster, agent));
  }

  private static int port(Cluster cluster, Member agent) {
    String address = cluster.address(agent);
    return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  private static void judge(String title, EosRun run) throws IOException {
    Verdict verdict = run.verdict();
    Map<String, Integer> troubles = run.troubles();
    System.out.printf(
        "chaos on %s: %s%n  %d transactions committed, %d clients hung; clients met %s; bad %s,"
            + " else wrong %s%n",
        title,
        verdict,
        run.committedCount(),
        run.zombieCount(),
        troubles,
        verdict.bad(),
        run.problems());
    assertThat(run.problems()).as(title).isEmpty();
    assertThat(verdict.isClean()).as("%s: %s", title, verdict).isTrue();
    assertThat(run.committedCount()).as(title).isPositive();
    assertThat(run.zombieCount()).as(title).isPositive();
  }
}
