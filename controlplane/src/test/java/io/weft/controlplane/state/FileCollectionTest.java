package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.RecordsBefore;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.api.file.Compactions;
import io.weft.controlplane.api.file.DeadFiles;
import io.weft.controlplane.state.collection.FileCollection;
import io.weft.controlplane.state.log.LogRecord.ExtentsReplaced;
import io.weft.controlplane.state.log.LogRecord.NewFile;
import io.weft.controlplane.state.log.LogRecord.ReplacedRun;
import io.weft.controlplane.state.log.ReplaceOutcome;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Files that no log needs: when they are condemned, handed out and forgotten, and that they stay
/// dead.
final class FileCollectionTest {
  private static final int LEASED = 10;

  private final TestCluster cluster = new TestCluster();
  private final AgentId agent = cluster.register(1);
  private final AgentId other = cluster.register(2);
  private final PartitionId partition = new PartitionId(cluster.topic("t", 1), 0);
  private final long first = cluster.lease(agent, LEASED);

  @BeforeEach
  void raise() {
    cluster.as(Releases.class).finish(2);
  }

  private FileCollection collection() {
    return cluster.in().collection();
  }

  private void commit(long fileId) {
    assertThat(cluster.commit(agent, fileId, RunBuilder.run(partition).batch(2).build()))
        .isInstanceOf(FileOutcome.Committed.class);
  }

  private void deleteBefore(long offset) {
    cluster.as(TopicCatalog.class).deleteRecords(List.of(new RecordsBefore(partition, offset)));
  }

  /// The graces of all that was condemned so far are over.
  private void ripen() {
    cluster.nowMs += 1;
    collection().ripen(cluster.nowMs);
  }

  private List<Long> take(AgentId taker, int max) {
    return cluster.as(DeadFiles.class).take(taker, max, 0);
  }

  private void assertSameAfterRecovery() {
    assertThat(TestCluster.snapshot(cluster.replica())).isEqualTo(cluster.snapshot());
    assertThat(TestCluster.snapshot(TestCluster.restored(cluster.snapshot())))
        .isEqualTo(cluster.snapshot());
  }

  @Test
  void aFileIsCondemnedOnceNoLogNeedsIt() {
    commit(first);
    commit(first + 1);
    assertThat(collection().condemn(100)).isFalse();
    assertThat(collection().queued()).isZero();

    deleteBefore(1);
    collection().condemn(100);
    assertThat(collection().queued()).isZero();
    deleteBefore(2);
    collection().condemn(100);
    assertThat(collection().queued()).isEqualTo(1);
    assertThat(cluster.state.logs().files().liveExtents(first)).isEqualTo(-1);
    assertThat(cluster.state.logs().files().liveExtents(first + 1)).isEqualTo(1);
    assertSameAfterRecovery();
  }

  @Test
  void itIsHandedOutOnlyAfterItsGrace() {
    commit(first);
    deleteBefore(2);
    collection().condemn(100);
    assertThat(take(agent, 10)).isEmpty();
    collection().ripen(cluster.nowMs);
    assertThat(take(agent, 10)).isEmpty();
    ripen();
    assertThat(take(agent, 10)).containsExactly(first);
  }

  @Test
  void anotherAgentGetsItOnlyAfterAWhile() {
    commit(first);
    commit(first + 1);
    deleteBefore(4);
    collection().condemn(100);
    ripen();
    assertThat(take(new AgentId(99), 10)).isEmpty();
    assertThat(take(agent, 1)).containsExactly(first);
    assertThat(take(other, 10)).containsExactly(first + 1);
    assertThat(take(other, 10)).isEmpty();
    cluster.as(DeadFiles.class).deleted(other, List.of(first + 1));
    cluster.nowMs += DeadFiles.KEPT_MS;
    assertThat(take(other, 10)).containsExactly(first);
  }

  @Test
  void exactlyWhatWasDeletedIsForgotten() {
    commit(first);
    commit(first + 1);
    commit(first + 2);
    deleteBefore(4);
    collection().condemn(100);
    ripen();
    DeadFiles files = cluster.as(DeadFiles.class);
    files.deleted(agent, List.of(first + 1, first + 1, first + 2, 1_000_000L));
    assertThat(collection().queued()).isEqualTo(1);
    files.deleted(agent, List.of(first + 1));
    assertThat(take(agent, 10)).containsExactly(first);
    assertThat(cluster.extents(partition, 4)).hasSize(1);
    assertSameAfterRecovery();
  }

  @Test
  void idsOfAnExpiredLeaseThatWereNeverCommittedAreCondemned() {
    commit(first + 2);
    commit(first + 3);
    deleteBefore(2);
    collection().condemn(100);
    cluster.as(DeadFiles.class).deleted(agent, List.of(first + 2));
    assertSameAfterRecovery();

    collection().expireLease(first);
    assertThat(collection().queued()).isEqualTo(LEASED - 2);
    assertSameAfterRecovery();
    ripen();
    assertThat(take(agent, 1_000))
        .containsExactlyElementsOf(
            LongStream.range(first, first + LEASED)
                .filter(id -> id != first + 2 && id != first + 3)
                .boxed()
                .toList());
    collection().expireLease(first);
    assertThat(collection().queued()).isEqualTo(LEASED - 2);
  }

  /// Its outcome may still be asked for: the answer stays, and nothing comes back to life.
  @Test
  void aDeadFileIsNotCommittedAgain() {
    commit(first);
    deleteBefore(2);
    collection().condemn(100);
    commit(first);
    cluster.as(DeadFiles.class).deleted(agent, List.of(first));
    commit(first);
    assertThat(cluster.state.logs().files().count()).isZero();
    assertThat(cluster.bounds(partition).highWatermark()).isEqualTo(2);

    collection().expireLease(first);
    FileOutcome late = cluster.commit(agent, first + 1, RunBuilder.run(partition).batch(1).build());
    assertThat(late).isInstanceOf(FileOutcome.Expired.class);
  }

  @Test
  void extentsAreNotPutIntoADeadFile() {
    commit(first);
    deleteBefore(2);
    commit(first + 1);
    collection().condemn(100);
    assertRefused(first);
    cluster.as(DeadFiles.class).deleted(agent, List.of(first));
    assertRefused(first);
    collection().expireLease(first);
    assertRefused(first);
    assertRefused(first + 5);
    ripen();
    cluster.as(DeadFiles.class).deleted(agent, take(agent, 1_000));
    assertThat(collection().queued()).isZero();
    assertRefused(first + 5);
  }

  private void assertRefused(long fileId) {
    List<Extent> before = cluster.extents(partition, 2);
    Extent moved = new Extent(fileId, 16, 9, 2, 3, before.getFirst().maxTimestampMs(), -1);
    assertThat(
            cluster
                .in()
                .logs()
                .replace(
                    new ExtentsReplaced(
                        List.of(new NewFile(fileId, 100)),
                        List.of(new ReplacedRun(partition, before, List.of(moved))))))
        .isEqualTo(
            new ReplaceOutcome.Refused(
                "file %d is dead, or its lease has expired".formatted(fileId)));
  }

  @Test
  void atTheFirstLevelNothingIsCondemned() {
    TestCluster old = new TestCluster();
    AgentId writer = old.register(1);
    PartitionId log = new PartitionId(old.topic("t", 1), 0);
    long fileId = old.lease(writer, 3);
    old.commit(writer, fileId, RunBuilder.run(log).batch(1).build());
    old.as(TopicCatalog.class).delete(log.topic());
    old.in().collection().condemn(100);
    old.in().collection().expireLease(fileId);
    assertThat(old.in().collection().queued()).isZero();

    old.as(Releases.class).finish(2);
    old.in().collection().condemn(100);
    assertThat(old.in().collection().queued()).isEqualTo(1);
  }

  /// It is used up: a commit that says otherwise comes too late, and ends nobody.
  @Test
  void theIdOfAFileThatTookThePlaceOfOthersIsNotCommitted() {
    commit(first);
    Extent before = cluster.extents(partition).getFirst();
    Extent after =
        new Extent(
            first + 5,
            16,
            before.length(),
            before.baseOffset(),
            before.lastOffset(),
            before.maxTimestampMs(),
            before.logAppendTimeMs());
    Compactions.SwappedRun run =
        new Compactions.SwappedRun(partition, List.of(before), List.of(after));
    assertThat(
            cluster
                .as(Compactions.class)
                .swap(agent, new Compactions.Swap(1, first + 5, 1_000, List.of(run))))
        .isEqualTo(new Compactions.SwapOutcome.Swapped());

    FileOutcome late = cluster.commit(agent, first + 5, RunBuilder.run(partition).batch(1).build());

    assertThat(late).isEqualTo(new FileOutcome.Expired());
    assertThat(cluster.extents(partition)).containsExactly(after);
  }
}
