package io.weft.server.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.environment.Environment;
import io.weft.storage.object.s3.CephGateway;
import io.weft.storage.object.s3.S3Endpoint;
import io.weft.storage.object.s3.S3ProxyServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

/// Nothing acknowledged is lost, doubled, moved or out of order while agents and control planes are
/// killed and paused.
///
/// `-Dweft.chaos.seconds=600` makes it longer, `-Dweft.chaos.seed=…` repeats what chance decided.
class ChaosTest {
  private static final String BUCKET = "weft-chaos";
  private static final NumberedTopic TOPIC = new NumberedTopic("chaos", 6);
  private static final int WRITERS = 4;
  private static final long READ_TIMEOUT_MS = 60_000;
  private static final long DURATION_MS = Long.getLong("weft.chaos.seconds", 30) * 1_000;

  private static final List<Member> THREE =
      List.of(Member.CONTROL_PLANE, Member.AGENT_A, Member.AGENT_B);

  private final Environment environment = Environment.system();

  @Test
  void losesNothingOnS3Proxy() throws Exception {
    try (S3ProxyServer server = S3ProxyServer.inMemory()) {
      run("s3proxy", server.endpoint(), THREE);
    }
  }

  @Test
  void losesNothingWithAStandbyOnS3Proxy() throws Exception {
    try (S3ProxyServer server = S3ProxyServer.inMemory()) {
      run("standby", server.endpoint(), List.of(Member.values()));
    }
  }

  @Test
  void losesNothingOnCeph() throws Exception {
    assumeTrue(CephGateway.isInstalled(), "no Ceph here; bin/ceph-gateway --install installs it");
    try (CephGateway gateway = CephGateway.start()) {
      run("ceph", gateway.endpoint(), THREE);
    }
  }

  private void run(String name, S3Endpoint endpoint, List<Member> members) throws Exception {
    long seed = Long.getLong("weft.chaos.seed", environment.randomness().nextLong());
    System.out.printf("chaos on %s begins, seed %d%n", name, seed);
    SplittableRandom random = new SplittableRandom(seed);
    endpoint.createBucket(BUCKET);
    Path folder = Files.createDirectories(Path.of("target", "chaos", name).toAbsolutePath());
    try (Cluster cluster = new Cluster(folder, endpoint, BUCKET, members, random.split())) {
      for (Member member : members) {
        cluster.launch(member);
      }
      for (Member member : members) {
        cluster.awaitReady(member);
      }
      createTopic(cluster);
      Nemesis nemesis = new Nemesis(cluster, environment, random.split());
      Audit audit = disturb(cluster, nemesis, name + ", seed " + seed);
      cluster.errors().forEach(audit::add);
      assertThat(audit.violations()).as("seed %d", seed).isEmpty();
    }
  }

  private Audit disturb(Cluster cluster, Nemesis nemesis, String title) throws Exception {
    List<Writer> writers = writers(cluster);
    List<Reader> followers = new ArrayList<>();
    for (Member agent : cluster.agents()) {
      followers.add(new Reader(TOPIC, agent.zone(), cluster.bootstrapServers(), environment));
    }
    writers.forEach(Writer::start);
    followers.forEach(Reader::follow);
    nemesis.run(DURATION_MS);
    for (Writer writer : writers) {
      writer.stop();
    }
    System.out.printf(
        "chaos on %s: %d records acked, %d of them as old duplicates, %s%n",
        title,
        writers.stream().mapToLong(writer -> writer.acked().size()).sum(),
        writers.stream().mapToLong(Writer::ackedWithoutOffset).sum(),
        nemesis.done());

    Audit audit = new Audit();
    LogCopy reference = readAll(cluster, cluster.agents().getFirst());
    audit.same("first", reference, reference, TOPIC.partitions(), true);
    audit.written(writers, reference, TOPIC.partitions());
    for (Reader follower : followers) {
      audit.same("follower", follower.stop(), reference, TOPIC.partitions(), false);
    }
    compareEach(cluster, "warm", reference, audit);
    for (Member member : cluster.members()) {
      cluster.kill(member);
      cluster.launch(member);
    }
    for (Member member : cluster.members()) {
      cluster.awaitReady(member);
    }
    compareEach(cluster, "cold", reference, audit);
    return audit;
  }

  private void compareEach(Cluster cluster, String when, LogCopy reference, Audit audit) {
    for (Member agent : cluster.agents()) {
      LogCopy copy = readAll(cluster, agent);
      audit.same(when + " " + agent, copy, reference, TOPIC.partitions(), true);
    }
  }

  private LogCopy readAll(Cluster cluster, Member agent) {
    return new Reader(TOPIC, agent.zone(), cluster.address(agent), environment)
        .readAll(cluster.port(agent), READ_TIMEOUT_MS);
  }

  private List<Writer> writers(Cluster cluster) {
    List<String> zones = List.of("weft_az=a", "weft_az=b", "anywhere");
    List<Writer> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      String clientId = zones.get(i % zones.size()) + ",writer-" + i;
      writers.add(new Writer(i, clientId, cluster.bootstrapServers(), TOPIC, environment));
    }
    return writers;
  }

  private static void createTopic(Cluster cluster) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrapServers()))) {
      NewTopic wanted =
          new NewTopic(TOPIC.name(), Optional.of(TOPIC.partitions()), Optional.of((short) 3));
      admin.createTopics(List.of(wanted)).all().get();
    }
  }
}
