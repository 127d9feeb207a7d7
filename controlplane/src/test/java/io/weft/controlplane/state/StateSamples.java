package io.weft.controlplane.state;

import io.weft.controlplane.api.Producers;
import io.weft.controlplane.api.ShareGroups;
import io.weft.controlplane.api.ShareGroups.AcknowledgeOrder;
import io.weft.controlplane.api.ShareGroups.AcknowledgedPartition;
import io.weft.controlplane.api.ShareGroups.AcknowledgedRun;
import io.weft.controlplane.api.ShareGroups.Acknowledgement;
import io.weft.controlplane.api.ShareGroups.AcquireOrder;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.RecordsBefore;
import io.weft.controlplane.api.admin.ClientQuotas;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ResourceSettings.Kind;
import io.weft.controlplane.api.admin.ScramCredentials;
import io.weft.controlplane.api.file.DeadFiles;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.state.collection.FileCollection;
import io.weft.controlplane.state.groups.GroupRecord;
import io.weft.controlplane.state.log.LogRecord.ExtentsReplaced;
import io.weft.controlplane.state.log.LogRecord.NewFile;
import io.weft.controlplane.state.log.LogRecord.ReplacedRun;
import io.weft.controlplane.state.log.ReplaceOutcome;
import io.weft.model.Extent;
import io.weft.model.Extent.Offsets;
import io.weft.model.Invariant;
import io.weft.model.OpaqueBytes;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// A state that holds some of everything there can be. The same each time.
final class StateSamples {
  private StateSamples() {}

  /// @return its snapshot
  static byte[] snapshot() {
    Transacting busy = new Transacting();
    TestCluster cluster = busy.cluster;
    place(busy);
    transact(busy);
    deleteTopics(busy);
    share(cluster, busy.second);
    administer(cluster);
    return cluster.snapshot();
  }

  /// As [#snapshot], of the second level, with extents in the place of others, with files that are
  /// to be deleted, and with a deleted topic that can come back.
  ///
  /// @return its snapshot
  static byte[] snapshotOfReplaced() {
    Transacting busy = new Transacting();
    TestCluster cluster = busy.cluster;
    place(busy);
    transact(busy);
    deleteTopics(busy);
    cluster.as(Releases.class).finish(2);
    List<Extent> second = cluster.extents(busy.second, 15);
    Extent last = second.getLast();
    long middle = second.getFirst().lastOffset();
    ReplaceOutcome outcome =
        cluster
            .in()
            .logs()
            .replace(
                new ExtentsReplaced(
                    List.of(new NewFile(1L << 40, 64L << 20)),
                    List.of(
                        new ReplacedRun(
                            busy.second,
                            second,
                            List.of(
                                new Extent(
                                    1L << 40,
                                    16,
                                    700,
                                    second.getFirst().baseOffset(),
                                    middle,
                                    second.getFirst().maxTimestampMs(),
                                    -1,
                                    Offsets.OWN),
                                new Extent(
                                    1L << 40,
                                    716,
                                    9_000,
                                    middle + 1,
                                    last.lastOffset(),
                                    last.maxTimestampMs(),
                                    -1))))));
    Invariant.check(outcome instanceof ReplaceOutcome.Replaced, "it is " + outcome);
    condemn(busy);
    keepTopic(busy);
    return cluster.snapshot();
  }

  /// Condemns files at two times, and deletes one while its id could still be committed.
  private static void condemn(Transacting busy) {
    FileCollection collection = busy.cluster.in().collection();
    long deleted = busy.cluster.state.logs().files().empty(1).getFirst();
    collection.condemn(1);
    busy.cluster.nowMs += 5;
    busy.cluster.in();
    collection.condemn(100);
    Invariant.check(collection.queued() == 2, "there are %d dead files", collection.queued());
    busy.cluster.as(DeadFiles.class).deleted(busy.agent, List.of(deleted));
  }

  private static void keepTopic(Transacting busy) {
    TopicId topic = busy.cluster.topic("kept", 2, Map.of("retention.ms", "1000"));
    busy.place(RunBuilder.run(new PartitionId(topic, 1)).idempotent(9, 1, 0, 5));
    busy.cluster.state.deletion().ledBy(nowMs -> OptionalLong.of(nowMs + 86_400_000));
    busy.cluster.as(TopicCatalog.class).delete(topic);
    Invariant.check(busy.cluster.state.deletion().kept() == 1, "the topic is not kept");
  }

  private static void place(Transacting busy) {
    busy.cluster.as(Producers.class).leaseIds(busy.agent, 1_000);
    busy.cluster.register(2);
    for (int i = 0; i < 7; i++) {
      busy.place(
          RunBuilder.run(busy.second).idempotent(7, 2, 3 * i, 3).timed(1_234, 10, 1_000 + i),
          RunBuilder.run(busy.third).idempotent(8 + i, 0, Integer.MAX_VALUE, 1).batch(2));
    }
    busy.cluster.as(TopicCatalog.class).deleteRecords(List.of(new RecordsBefore(busy.second, 15)));
  }

  private static void transact(Transacting busy) {
    ProducerEpoch ended = busy.init();
    busy.placed(busy.first, ended, 0, 3);
    busy.end(ended, true, true);
    ProducerEpoch aborted = busy.init("aborted");
    busy.placed(busy.first, aborted, 0, 2);
    busy.end("aborted", aborted, false, false);
    ProducerEpoch open = busy.init("open");
    busy.add("open", open, busy.third);
    busy.placed(busy.first, open, 0, 1);
    putRow(busy.cluster, 1, -1, open);
    putRow(busy.cluster, 2, open.producerId(), open);
  }

  private static void putRow(TestCluster cluster, int key, long producerId, ProducerEpoch epoch) {
    OpaqueBytes bytes = OpaqueBytes.of(new byte[] {0, (byte) key, 2});
    cluster.in().make(new GroupRecord.GroupRowPut(bytes, bytes, producerId, epoch.epoch()));
  }

  private static void deleteTopics(Transacting busy) {
    for (String name : List.of("gone", "gone-too")) {
      TopicId topic = busy.cluster.topic(name, 2);
      busy.place(
          RunBuilder.run(new PartitionId(topic, 0)).idempotent(7, 0, 0, 5).idempotent(7, 0, 5, 1),
          RunBuilder.run(new PartitionId(topic, 1)).idempotent(9, 1, 0, 5));
      busy.cluster.as(TopicCatalog.class).delete(topic);
    }
  }

  private static void share(TestCluster cluster, PartitionId partition) {
    cluster.as(ShareGroups.class).begin("queue", List.of(partition), Optional.of(16L));
    cluster
        .as(ShareGroups.class)
        .acquire(new AcquireOrder(1, "queue", "m", List.of(partition), 100, Integer.MAX_VALUE, 0));
    cluster
        .as(ShareGroups.class)
        .acknowledge(
            new AcknowledgeOrder(
                2,
                "queue",
                "m",
                List.of(
                    new AcknowledgedPartition(
                        partition,
                        List.of(
                            new AcknowledgedRun(17, 18, Acknowledgement.ACCEPT),
                            new AcknowledgedRun(20, 25, Acknowledgement.RELEASE))))));
  }

  private static void administer(TestCluster cluster) {
    cluster.topic("configured", 1, Map.of("retention.ms", "1000"));
    cluster.as(ResourceSettings.class).configure(Kind.GROUP, "queue", 0, Map.of("k", "é"));
    cluster
        .as(ClientQuotas.class)
        .alter(
            new ClientQuotas.Entity(
                List.of(
                    new ClientQuotas.Part(ClientQuotas.EntityType.USER, Optional.empty()),
                    new ClientQuotas.Part(ClientQuotas.EntityType.CLIENT_ID, Optional.of("app")))),
            Map.of("producer_byte_rate", OptionalDouble.of(2.5)));
    cluster
        .as(ScramCredentials.class)
        .put(
            "alice",
            ScramCredentials.Mechanism.SHA_512,
            new ScramCredentials.Credential(
                4_096, new byte[] {1}, new byte[] {2, 3}, new byte[] {4}));
  }
}
