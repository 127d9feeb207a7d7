package io.weft.server.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.leader.inspect.FollowedState;
import io.weft.controlplane.rpc.RpcClientSettings;
import io.weft.controlplane.rpc.RpcPort;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.history.check.Verdict;
import io.weft.rpc.HostPort;
import io.weft.server.clients.Deadline;
import io.weft.server.doctor.Doctor;
import io.weft.server.doctor.DoctorReport;
import io.weft.server.doctor.Metadata;
import io.weft.server.doctor.Progress;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.s3.S3Endpoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// Nothing acknowledged is lost, doubled, moved or out of order while processes are killed and
/// paused, the store fails them, and the ways between them break.
///
/// `bin/chaos` runs the long form; docs/chaos.md says how to read what it prints.
@Isolated("its processes take all of the machine")
class ChaosTest {
  private static final String BUCKET = "weft-chaos";
  private static final int WRITERS = 4;

  /// Shorter than the longest pauses: requests are sent again while the first is still under way.
  private static final int REQUEST_TIMEOUT_MS = 5_000;

  private static final long LONG_MS = Long.getLong("weft.chaos.seconds", 30) * 1_000;

  private static final long SHORT_MS = 20_000;

  private static final List<Member> WITHOUT_STANDBY =
      List.of(Member.CONTROL_PLANE, Member.AGENT_A, Member.AGENT_B);

  private final Environment environment = Environment.system();

  /// On a real S3 server, if there is one.
  @Test
  void losesNothing() throws Exception {
    try (ChaosStore store = ChaosStore.real()) {
      run(store.name(), store.endpoint(), List.of(Member.values()), LONG_MS);
    }
  }

  /// Another S3 server, and nobody who could take over from the control plane.
  @Test
  void losesNothingWithoutAStandby() throws Exception {
    assumeTrue(Long.getLong("weft.chaos.seconds") == null, "only the long form is asked for");
    try (ChaosStore store = ChaosStore.inMemory()) {
      run("alone", store.endpoint(), WITHOUT_STANDBY, SHORT_MS);
    }
  }

  private void run(String name, S3Endpoint endpoint, List<Member> members, long durationMs)
      throws Exception {
    long seed = Long.getLong("weft.chaos.seed", environment.randomness().nextLong());
    System.out.printf("chaos on %s begins, seed %d, %d s%n", name, seed, durationMs / 1_000);
    Random random = new Random(seed);
    endpoint.createBucket(BUCKET);
    Path folder = Path.of("target", "chaos", name).toAbsolutePath();
    try (Cluster cluster =
            new Cluster(folder, endpoint, BUCKET, members, new Random(random.nextLong()));
        Workload workload = new Workload(folder, cluster.bootstrapServers(), REQUEST_TIMEOUT_MS)) {
      for (Member member : members) {
        cluster.launch(member);
      }
      for (Member member : members) {
        cluster.awaitReady(member);
      }
      workload.createTopic(3);
      Nemesis nemesis =
          new Nemesis(cluster, workload.recorder(), environment, new Random(random.nextLong()));
      workload.start(WRITERS, cluster.agents().stream().map(Member::zone).toList());
      nemesis.run(durationMs);
      workload.stopWriting();
      compareAll(cluster, workload, endpoint);
      cluster.errors().forEach(workload::problem);
      judge(name + ", seed " + seed, workload, cluster, nemesis);
    }
  }

  /// All agents give the same, with warm caches and cold ones, and so does the bucket without them.
  private void compareAll(Cluster cluster, Workload workload, S3Endpoint endpoint)
      throws InterruptedException {
    List<LogCopy> warm = readAll(cluster, workload);
    LogCopy whole = warm.getFirst();
    workload.finishFollowing(whole);
    for (LogCopy copy : warm) {
      workload.compare("an agent", copy, whole);
    }
    for (Member member : cluster.members()) {
      cluster.kill(member);
      cluster.launch(member);
    }
    for (Member member : cluster.members()) {
      cluster.awaitReady(member);
    }
    for (LogCopy copy : readAll(cluster, workload)) {
      workload.compare("an agent, cold", copy, whole);
    }
    try (ControlPlane controlPlane = connect(cluster);
        ObjectStore store = endpoint.open(BUCKET, "records")) {
      LogCopy copy = new BucketReader(controlPlane, store, Workload.TOPIC).readAll();
      workload.compare("the bucket", copy, whole);
      lookForLeaks(workload, endpoint, store);
    }
  }

  /// Every live batch is there, and every object is live, to be deleted, or of a current lease.
  private void lookForLeaks(Workload workload, S3Endpoint endpoint, ObjectStore store) {
    try (ObjectStore journal = endpoint.open(BUCKET, "journal")) {
      Metadata metadata = new Metadata(FollowedState.open(journal, environment).orElseThrow());
      Progress progress = new Progress(new PrintWriter(new StringWriter()), environment.clock());
      DoctorReport report =
          Doctor.run(
              new ClusterBucket(store, metadata.clusterId()),
              metadata,
              new Doctor.Options(true, false),
              progress,
              environment);
      if (!report.isClean()) {
        workload.problem("bucket and metadata: " + report);
      }
    }
  }

  /// Through every agent, at once.
  private List<LogCopy> readAll(Cluster cluster, Workload workload) throws InterruptedException {
    List<Pending<LogCopy>> reading = new ArrayList<>();
    for (Member agent : cluster.agents()) {
      String name = "read-all-" + agent;
      reading.add(workload.readAll(name, agent.zone(), cluster.address(agent)));
    }
    List<LogCopy> copies = new ArrayList<>();
    for (Pending<LogCopy> one : reading) {
      copies.add(
          Deadline.await(
              one, environment, Workload.READING_MAX, "an agent does not give everything"));
    }
    return copies;
  }

  private ControlPlane connect(Cluster cluster) {
    List<HostPort> addresses =
        Arrays.stream(cluster.controlPlanes().split(",", -1)).map(HostPort::parse).toList();
    return RpcPort.connect(addresses, RpcClientSettings.defaults(), environment);
  }

  private static void judge(String title, Workload workload, Cluster cluster, Nemesis nemesis)
      throws IOException {
    Verdict verdict = workload.verdict();
    System.out.printf(
        "chaos on %s: %s%n  deeds %s; %d connections cut, %d bits flipped; bad %s, else wrong %s%n",
        title,
        verdict,
        nemesis.done(),
        cluster.links().cuts(),
        cluster.links().flips(),
        verdict.bad(),
        workload.problems().size());
    assertThat(workload.problems()).as(title).isEmpty();
    assertThat(verdict.isClean()).as("%s: %s", title, verdict).isTrue();
  }
}
