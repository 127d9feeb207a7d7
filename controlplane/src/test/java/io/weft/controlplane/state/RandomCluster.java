package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.CatalogCopy;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.CreateOutcome;
import io.weft.controlplane.api.TopicCatalog.DeleteOutcome;
import io.weft.controlplane.api.TopicCatalog.GrowOutcome;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.TopicCatalog.RecordsBefore;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.api.admin.ClientQuotas;
import io.weft.controlplane.api.admin.ClientQuotas.Entity;
import io.weft.controlplane.api.admin.ClientQuotas.EntityType;
import io.weft.controlplane.api.admin.ClientQuotas.Part;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ResourceSettings.Kind;
import io.weft.controlplane.api.admin.ResourceSettings.Resource;
import io.weft.controlplane.api.admin.ScramCredentials;
import io.weft.controlplane.api.admin.ScramCredentials.Credential;
import io.weft.controlplane.api.admin.ScramCredentials.Mechanism;
import io.weft.controlplane.api.topic.DeletedTopics;
import io.weft.controlplane.api.topic.DeletedTopics.UndeleteOutcome;
import io.weft.controlplane.state.file.OutstandingLease;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Asks a state and a naive one the same random things. Owned by one thread.
final class RandomCluster {
  private static final Map<String, String> STAMPED =
      Map.of("message.timestamp.type", "LogAppendTime");
  private static final int TOPICS = 4;

  /// What a producer sends next to a partition, within one commit.
  private record Cursor(int epoch, int sequence) {}

  final TestCluster cluster = new TestCluster();
  final NaiveCluster naive = new NaiveCluster();

  /// The verdicts that were given so far.
  final Set<String> given = new TreeSet<>();

  private final Random random;
  private final List<AgentId> agents = new ArrayList<>();
  private final Map<Long, Integer> partitions = new TreeMap<>();
  private final Map<String, Cursor> cursors = new TreeMap<>();

  /// Topics that were deleted and can come back, with how many partitions they have.
  private final Map<Long, Integer> kept = new TreeMap<>();

  private final boolean isOfSecondLevel;

  /// How many topics came back.
  int broughtBack;

  private record Commit(AgentId agent, long settledBelow, List<UploadedFile> files) {}

  private final List<Commit> sent = new ArrayList<>();
  private long instances;
  private long settled;

  /// Puts extents in the place of others, too; from level 2 on.
  final RandomReplacing replacing;

  /// @param seed of an odd one, the cluster is of the second level
  RandomCluster(long seed) {
    random = new Random(seed);
    replacing = new RandomReplacing(cluster, naive, random);
    isOfSecondLevel = seed % 2 == 1;
    if (isOfSecondLevel) {
      cluster.as(Releases.class).finish(2);
    }
    for (int i = 0; i < 3; i++) {
      agents.add(cluster.register(instances++));
      lease();
    }
    create();
  }

  void step() {
    cluster.nowMs += random.nextInt(3) == 0 ? random.nextInt(1_000) : 0;
    switch (random.nextInt(100)) {
      case 0 -> create();
      case 1 -> delete();
      case 2 -> grow();
      case 3 -> {
        configure();
        administer();
      }
      case 4 -> agents.add(cluster.register(instances++));
      case 5 -> leave();
      case 6, 7, 8, 9 -> lease();
      case 10, 11 -> expireFileIds();
      case 12 -> expireProducers();
      case 20, 21 -> deleteRecords();
      case 22, 23, 24, 25 -> replacing.step();
      case 26 -> {
        if (!kept.isEmpty()) {
          bringBack(kept.keySet().iterator().next());
        }
      }
      case 13, 14, 15, 16, 17, 18, 19 -> repeat();
      default -> commit(freshCommit());
    }
  }

  private void create() {
    long id = random.nextInt(TOPICS);
    if (kept.containsKey(id)) {
      bringBack(id);
      return;
    }
    int count = 1 + random.nextInt(3);
    boolean stamped = random.nextBoolean();
    Map<String, String> settings = stamped ? STAMPED : Map.of();
    NewTopic topic = new NewTopic(new TopicId(0, id), "t" + id, count, (short) 1, settings);
    CreateOutcome outcome = cluster.as(TopicCatalog.class).create(topic);
    assertThat(outcome).isEqualTo(CreateOutcome.CREATED);
    if (!partitions.containsKey(id)) {
      partitions.put(id, count);
      naive.create(topic.id(), 0, count, stamped);
    }
  }

  private void delete() {
    long id = random.nextInt(TOPICS);
    boolean keeps = isOfSecondLevel && random.nextInt(4) > 0;
    cluster
        .state
        .deletion()
        .ledBy(nowMs -> keeps ? OptionalLong.of(nowMs + 1_000) : OptionalLong.empty());
    boolean deleted = cluster.as(TopicCatalog.class).delete(new TopicId(0, id));
    Integer before = partitions.remove(id);
    assertThat(deleted).isEqualTo(before != null);
    if (keeps && deleted) {
      kept.put(id, before);
      naive.retire(new TopicId(0, id));
    } else {
      naive.delete(new TopicId(0, id));
    }
  }

  /// Or does not: then the topic is made anew the next time.
  private void bringBack(long id) {
    TopicId topic = new TopicId(0, id);
    int count = kept.remove(id);
    switch (random.nextInt(6)) {
      case 0 -> {
        assertThat(cluster.as(DeletedTopics.class).letGo(topic)).isTrue();
        naive.letGo(topic);
      }
      case 1 -> {
        cluster.nowMs += 1_000;
        while (cluster.in().deletion().letGoOneBefore(cluster.nowMs)) {}
        kept.keySet().forEach(each -> naive.letGo(new TopicId(0, each)));
        kept.clear();
        naive.letGo(topic);
      }
      default -> {
        assertThat(cluster.as(DeletedTopics.class).undelete(topic, "t" + id))
            .isEqualTo(UndeleteOutcome.UNDELETED);
        partitions.put(id, count);
        naive.restore(topic);
        broughtBack++;
      }
    }
  }

  private void grow() {
    long id = random.nextInt(TOPICS);
    TopicId topic = new TopicId(0, id);
    int count = 1 + random.nextInt(6);
    GrowOutcome outcome = cluster.as(TopicCatalog.class).grow(topic, count);
    Integer before = partitions.get(id);
    if (before == null) {
      assertThat(outcome).isEqualTo(GrowOutcome.UNKNOWN_TOPIC);
    } else if (count <= before) {
      assertThat(outcome).isEqualTo(GrowOutcome.NOT_MORE);
    } else {
      assertThat(outcome).isEqualTo(GrowOutcome.GROWN);
      naive.create(topic, before, count, naive.logs.get(new PartitionId(topic, 0)).givesTime);
      partitions.put(id, count);
    }
  }

  private void configure() {
    TopicId topic = new TopicId(0, random.nextInt(TOPICS));
    boolean stamped = random.nextBoolean();
    CatalogCopy.whole(at -> cluster.as(TopicCatalog.class).page(at)).topics().stream()
        .filter(known -> known.id().equals(topic))
        .forEach(
            known -> {
              cluster
                  .as(TopicCatalog.class)
                  .configure(topic, known.settingsVersion(), stamped ? STAMPED : Map.of());
              naive.logs.forEach(
                  (partition, log) -> {
                    if (partition.topic().equals(topic)) {
                      log.givesTime = stamped;
                    }
                  });
            });
  }

  private void administer() {
    String name = "n" + random.nextInt(4);
    Map<String, String> settings =
        random.nextInt(3) == 0 ? Map.of() : Map.of("k", "v" + random.nextInt(3));
    Kind kind = List.of(Kind.values()).get(random.nextInt(Kind.values().length));
    long version =
        cluster.as(ResourceSettings.class).read(kind, -1).orElseThrow().resources().stream()
            .filter(resource -> resource.name().equals(name))
            .mapToLong(Resource::version)
            .findFirst()
            .orElse(0);
    cluster.as(ResourceSettings.class).configure(kind, name, version, settings);
    assertThat(cluster.state.resources().settings(kind).getOrDefault(name, Map.of()))
        .isEqualTo(settings);
    OptionalDouble quota =
        random.nextBoolean() ? OptionalDouble.of(random.nextInt(3)) : OptionalDouble.empty();
    cluster
        .as(ClientQuotas.class)
        .alter(
            new Entity(List.of(new Part(EntityType.USER, Optional.of(name)))),
            Map.of("q" + random.nextInt(2), quota));
    if (random.nextBoolean()) {
      byte[] key = {(byte) random.nextInt()};
      cluster
          .as(ScramCredentials.class)
          .put(name, Mechanism.SHA_256, new Credential(4_096, key, key, key));
    } else {
      cluster.as(ScramCredentials.class).remove(name, Mechanism.SHA_256);
    }
  }

  private void leave() {
    if (agents.size() > 1) {
      AgentId agent = agents.remove(random.nextInt(agents.size()));
      if (random.nextBoolean()) {
        cluster.as(Membership.class).leave(agent);
      } else {
        cluster.in().agents().leave(agent);
      }
      assertThat(cluster.as(Membership.class).renew(agent)).isFalse();
    }
  }

  private void lease() {
    AgentId agent = anyAgent();
    int count = 1 + random.nextInt(20);
    naive.lease(agent, cluster.lease(agent, count), count);
  }

  private void expireFileIds() {
    List<OutstandingLease> leases = cluster.state.leases().outstanding();
    if (!leases.isEmpty()) {
      OutstandingLease lease = leases.get(random.nextInt(leases.size()));
      long first = lease.firstFileId();
      cluster.in().leases().expire(first);
      naive.expire(first, lease.count());
    }
  }

  private void expireProducers() {
    long unusedSinceMs = cluster.nowMs - random.nextInt(20_000);
    cluster.in().logs().expireProducers(unusedSinceMs);
    naive.expireProducers(unusedSinceMs);
  }

  private void deleteRecords() {
    PartitionId partition = new PartitionId(new TopicId(0, random.nextInt(TOPICS)), 0);
    NaiveLog log = naive.logs.get(partition);
    long end = log == null ? 5 : log.end;
    long offset = random.nextInt(10) == 0 ? -1 : random.nextLong(-2, end + 2);
    DeleteOutcome outcome =
        cluster
            .as(TopicCatalog.class)
            .deleteRecords(List.of(new RecordsBefore(partition, offset)))
            .getFirst();
    if (log == null) {
      assertThat(outcome).isEqualTo(new DeleteOutcome.UnknownPartition());
    } else if (offset < -1 || offset > end) {
      assertThat(outcome).isEqualTo(new DeleteOutcome.OutOfRange());
    } else {
      log.deleteBefore(offset == -1 ? end : offset);
      assertThat(outcome).isEqualTo(new DeleteOutcome.Deleted(log.start));
    }
  }

  private void repeat() {
    if (!sent.isEmpty()) {
      commit(sent.get(random.nextInt(sent.size())));
    }
  }

  private void commit(Commit commit) {
    List<FileOutcome> outcomes =
        cluster.as(Sequencer.class).commit(commit.agent, commit.settledBelow, commit.files);
    for (int i = 0; i < commit.files().size(); i++) {
      UploadedFile file = commit.files().get(i);
      List<String> told = TestCluster.told(outcomes.get(i));
      told.forEach(batch -> given.add(batch.split("@", 2)[0]));
      assertThat(told)
          .isEqualTo(naive.commit(commit.agent(), commit.settledBelow(), file, cluster.nowMs));
    }
  }

  private Commit freshCommit() {
    cursors.clear();
    List<OutstandingLease> leases = cluster.state.leases().outstanding();
    long first = leases.isEmpty() ? 1 : leases.get(random.nextInt(leases.size())).firstFileId();
    List<UploadedFile> files = new ArrayList<>();
    long fileId = first + random.nextInt(10);
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      files.add(TestCluster.file(fileId, runs()));
      fileId += 1 + random.nextInt(2);
    }
    AgentId owner =
        leases.stream()
            .filter(lease -> lease.firstFileId() == first)
            .map(OutstandingLease::agent)
            .findFirst()
            .orElse(anyAgent());
    AgentId agent = random.nextInt(10) == 0 ? anyAgent() : owner;
    if (random.nextInt(5) == 0) {
      settled = files.getFirst().fileId() - random.nextInt(5);
    }
    long settledBelow = Math.min(settled, files.getFirst().fileId());
    Commit commit = new Commit(agent, settledBelow, files);
    sent.add(commit);
    return commit;
  }

  private UploadedBatches[] runs() {
    TreeSet<PartitionId> chosen = new TreeSet<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      chosen.add(new PartitionId(new TopicId(0, random.nextInt(TOPICS)), random.nextInt(3)));
    }
    return chosen.stream().map(this::run).toArray(UploadedBatches[]::new);
  }

  private UploadedBatches run(PartitionId partition) {
    RunBuilder run = RunBuilder.run(partition);
    int batches = 1 + random.nextInt(4);
    for (int i = 0; i < batches; i++) {
      int kind = random.nextInt(12);
      int records = 1 + random.nextInt(4);
      if (kind == 0) {
        run.transactional(1, 0, 0, records);
      } else if (kind < 4) {
        run.timed(1 + random.nextInt(1_000), records, random.nextInt(5_000) - 1L);
      } else {
        idempotent(run, partition, records);
      }
    }
    return run.build();
  }

  /// Goes on where the producer is, or slips: repeats itself, jumps, changes its epoch.
  private void idempotent(RunBuilder run, PartitionId partition, int records) {
    long producer = random.nextInt(3);
    String key = partition + " " + producer;
    NaiveLog log = naive.logs.get(partition);
    List<NaiveLog.Sent> placed = log == null ? List.of() : log.placedBy(producer);
    Cursor cursor = cursors.computeIfAbsent(key, _ -> after(placed));
    int slip = random.nextInt(20);
    if (slip < 4 && !placed.isEmpty()) {
      NaiveLog.Sent again = placed.get(random.nextInt(placed.size()));
      int count = random.nextInt(4) == 0 ? records : again.records();
      run.idempotent(producer, again.epoch(), again.sequence(), count);
    } else if (slip == 4) {
      int sequence = shifted(cursor.sequence, random.nextInt(40) - 30);
      run.idempotent(producer, cursor.epoch, sequence, records);
    } else if (slip == 5 && random.nextInt(4) == 0) {
      run.idempotent(producer, cursor.epoch + 1, 0, records);
      cursors.put(key, new Cursor(cursor.epoch + 1, records));
    } else {
      run.idempotent(producer, cursor.epoch, cursor.sequence, records);
      cursors.put(key, new Cursor(cursor.epoch, shifted(cursor.sequence, records)));
    }
  }

  private Cursor after(List<NaiveLog.Sent> placed) {
    if (placed.isEmpty()) {
      return new Cursor(0, random.nextBoolean() ? 0 : Integer.MAX_VALUE - 20);
    }
    NaiveLog.Sent last = placed.getLast();
    return new Cursor(last.epoch(), shifted(last.sequence(), last.records()));
  }

  private static int shifted(int sequence, int by) {
    return (sequence + by) & Integer.MAX_VALUE;
  }

  private AgentId anyAgent() {
    return agents.get(random.nextInt(agents.size()));
  }
}
