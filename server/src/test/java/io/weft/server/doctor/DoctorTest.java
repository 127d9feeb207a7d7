package io.weft.server.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.storage.file.FilePlace;
import io.weft.storage.object.MemoryObjectStore;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class DoctorTest {
  private static final int LEASED = 10;

  /// A file that is longer than what is read of its end.
  private static final int LARGE_VALUE = 40_000;

  private final WrittenCluster cluster =
      new WrittenCluster(new MemoryObjectStore(), new MemoryObjectStore());
  private final long first = cluster.lease(LEASED);

  @Test
  void aBucketThatHoldsWhatLogsNeedIsClean() {
    cluster.write(first);
    cluster.upload(first + 1, LARGE_VALUE);
    cluster.commit(first + 1, LARGE_VALUE);
    cluster.snapshot();
    cluster.write(first + 2);

    DoctorReport report = cluster.look(true, false);

    assertThat(report.isClean()).isTrue();
    assertThat(objects(report)).isEqualTo(Map.of(ObjectKind.LIVE, 3L));
    assertThat(report.clusterId()).isEqualTo(WrittenCluster.CLUSTER);
    assertThat(report.live()).isEqualTo(new DoctorReport.Live(2, 6, 3, 18));
    assertThat(report.count(ObjectKind.LIVE).bytes())
        .isEqualTo(
            cluster.objects().entrySet().stream()
                .filter(object -> object.getKey().startsWith("files/"))
                .mapToLong(object -> object.getValue().length)
                .sum());
  }

  @Test
  void filesAreLookedForInTheStoreThatTheirIdsSay() {
    cluster.write(first);
    long fresh = cluster.leaseLowLatency(LEASED);
    cluster.write(fresh);
    cluster.write(fresh + 1);
    cluster.upload(fresh + 2);
    assertThat(objects(cluster.look(true, false)))
        .isEqualTo(Map.of(ObjectKind.LIVE, 3L, ObjectKind.YOUNG, 1L));

    cluster.expire(fresh);
    ObjectKey lost = FilePlace.of(fresh).key();
    byte[] file = cluster.lowLatency.readAll(lost, 1 << 20);
    cluster.lowLatency.delete(List.of(lost));
    cluster.bucket.put(lost, ObjectBody.of(file));
    DoctorReport report = cluster.look(false, true);

    assertThat(objects(report))
        .isEqualTo(Map.of(ObjectKind.LIVE, 2L, ObjectKind.MISSING, 1L, ObjectKind.STRAY, 1L));
    assertThat(report.repaired().objects()).isEqualTo(1);
    assertThat(cluster.lowLatency.stat(FilePlace.of(fresh + 2).key())).isEmpty();
    assertThat(cluster.bucket.stat(lost)).isPresent();
  }

  @Test
  void anEmptyClusterIsClean() {
    DoctorReport report = cluster.look(true, true);
    assertThat(report.isClean()).isTrue();
    assertThat(objects(report)).isEmpty();
  }

  @Test
  void aMissingFileIsAFaultAndItsBytesAreThoseThatLogsHold() {
    write(3);
    long lost = cluster.look(false, false).count(ObjectKind.LIVE).bytes();
    cluster.bucket.delete(List.of(FilePlace.of(first + 1).key()));

    DoctorReport report = cluster.look(false, false);

    assertThat(objects(report)).isEqualTo(Map.of(ObjectKind.LIVE, 2L, ObjectKind.MISSING, 1L));
    assertThat(report.count(ObjectKind.MISSING).bytes()).isPositive().isLessThan(lost / 3);
    assertThat(example(report, ObjectKind.MISSING).key())
        .isEqualTo(FilePlace.of(first + 1).key().name());
  }

  @Test
  void aTruncatedFileIsDamaged() {
    write(2);
    byte[] bytes = cluster.bytes(first);
    cluster.put(first, ObjectBody.of(Arrays.copyOf(bytes, bytes.length - 20)));

    DoctorReport report = cluster.look(false, false);

    assertThat(objects(report)).isEqualTo(Map.of(ObjectKind.LIVE, 1L, ObjectKind.DAMAGED, 1L));
    assertThat(example(report, ObjectKind.DAMAGED).what()).contains("no mark of a Weft file");
  }

  @Test
  void aFlippedBitOfABatchIsSeenOnlyByTheDeepLook() {
    write(2);
    flip(first + 1, 200);

    assertThat(cluster.look(false, false).isClean()).isTrue();
    DoctorReport deep = cluster.look(true, false);
    assertThat(objects(deep)).isEqualTo(Map.of(ObjectKind.LIVE, 1L, ObjectKind.DAMAGED, 1L));
    assertThat(example(deep, ObjectKind.DAMAGED).what()).contains("CRC-32C");
  }

  @Test
  void aFlippedBitOfALongFilesHeaderIsSeen() {
    cluster.upload(first, LARGE_VALUE);
    cluster.commit(first, LARGE_VALUE);
    flip(first, 20);
    assertThat(objects(cluster.look(false, false))).isEqualTo(Map.of(ObjectKind.DAMAGED, 1L));
  }

  @Test
  void anExtentThatTheFileDoesNotKnowIsDamage() {
    cluster.upload(first, 50);
    cluster.commit(first, 100);
    DoctorReport report = cluster.look(false, false);
    assertThat(objects(report)).isEqualTo(Map.of(ObjectKind.DAMAGED, 1L));
    assertThat(example(report, ObjectKind.DAMAGED).what()).contains("it says that it has");
  }

  @Test
  void anotherClustersFileIsForeignWhateverItsKeySays() {
    write(2);
    cluster.put(first, WrittenCluster.file("cluster-b", first, 100).body());
    long ended = endedLease();
    cluster.put(ended, WrittenCluster.file("cluster-b", ended, 100).body());
    cluster.put(ended + 1, WrittenCluster.file(WrittenCluster.CLUSTER, ended, 100).body());
    cluster.bucket.put(new ObjectKey("files/readme.txt"), text("hello"));

    DoctorReport report = cluster.look(false, true);

    assertThat(objects(report))
        .isEqualTo(Map.of(ObjectKind.LIVE, 1L, ObjectKind.FOREIGN, 3L, ObjectKind.STRAY, 1L));
    assertThat(report.repaired()).isEqualTo(DoctorReport.Repaired.NOTHING);
  }

  @Test
  void whatWasNeverCommittedIsYoungWhileItsLeaseLastsAndAnOrphanBehindItsEnd() {
    cluster.write(first);
    cluster.upload(first + 1);
    assertThat(objects(cluster.look(false, false)))
        .isEqualTo(Map.of(ObjectKind.LIVE, 1L, ObjectKind.YOUNG, 1L));

    cluster.expire(first);

    DoctorReport report = cluster.look(false, false);
    assertThat(objects(report)).isEqualTo(Map.of(ObjectKind.LIVE, 1L, ObjectKind.ORPHAN, 1L));
    assertThat(report.isClean()).isFalse();
    assertThat(report.wastedBytes()).isEqualTo(cluster.bytes(first + 1).length);
  }

  @Test
  void whatNoLogNeedsWaitsForItsDeletion() {
    write(2);
    cluster.deleteRecords();
    cluster.write(first + 2);
    DoctorReport report = cluster.look(false, true);
    assertThat(objects(report)).isEqualTo(Map.of(ObjectKind.LIVE, 1L, ObjectKind.QUEUED, 2L));
    assertThat(report.isClean()).isTrue();
  }

  @Test
  void aDeletedTopicNeedsItsFilesForAsLongAsItCanComeBack() {
    write(2);
    cluster.keepTopic();
    DoctorReport report = cluster.look(true, true);
    assertThat(report.isClean()).isTrue();
    assertThat(objects(report)).isEqualTo(Map.of(ObjectKind.LIVE, 2L));
    assertThat(report.live()).isEqualTo(new DoctorReport.Live(2, 4, 2, 12));

    cluster.snapshot();
    cluster.bucket.delete(List.of(FilePlace.of(first).key()));
    assertThat(objects(cluster.look(false, true)))
        .isEqualTo(Map.of(ObjectKind.LIVE, 1L, ObjectKind.MISSING, 1L));

    cluster.letTopicGo();
    report = cluster.look(false, true);
    assertThat(report.isClean()).isTrue();
    assertThat(objects(report)).isEqualTo(Map.of(ObjectKind.QUEUED, 1L));
  }

  @Test
  void whatWaitsForItsDeletionIsNoOrphan() {
    long first = cluster.lease(10);
    cluster.write(first);
    cluster.deleteRecords();
    cluster.upload(first + 1);
    cluster.condemn(first);

    DoctorReport report = cluster.look(false, true);

    assertThat(objects(report)).isEqualTo(Map.of(ObjectKind.QUEUED, 2L));
    assertThat(report.isClean()).isTrue();
    assertThat(report.repaired()).isEqualTo(DoctorReport.Repaired.NOTHING);
  }

  @Test
  void aClusterMayWriteAndDeleteMeanwhile() {
    write(3);
    OddStore store =
        new OddStore(cluster.bucket, 1)
            .before(
                () -> {
                  cluster.deleteRecords();
                  cluster.bucket.delete(List.of(FilePlace.of(first).key()));
                  long later = cluster.lease(LEASED);
                  cluster.write(later);
                  cluster.upload(later + 1);
                })
            .after(() -> cluster.bucket.delete(List.of(FilePlace.of(first + 1).key())));

    DoctorReport report = cluster.look(store, true, true);

    assertThat(report.isClean()).isTrue();
    assertThat(objects(report))
        .containsEntry(ObjectKind.LIVE, 1L)
        .containsEntry(ObjectKind.YOUNG, 1L);
    assertThat(report.entryAfter()).isGreaterThan(report.entryBefore());
  }

  @Test
  void aLeaderMayTakeASnapshotAndRemoveEntriesMeanwhile() {
    write(2);
    OddStore store =
        new OddStore(cluster.bucket, 1)
            .before(
                () -> {
                  long later = cluster.lease(LEASED);
                  for (int i = 0; i < LEASED; i++) {
                    cluster.write(later + i);
                  }
                  cluster.snapshot();
                  cluster.lease(1);
                });
    DoctorReport report = cluster.look(store, false, false);
    assertThat(objects(report)).isEqualTo(Map.of(ObjectKind.LIVE, 2L + LEASED));
  }

  @Test
  void anIdThatTheJournalHasNeverGivenIsAFaultAndKeepsTheRepairFromDeleting() {
    long ended = endedLease();
    cluster.upload(ended);
    cluster.upload(ended + 1_000);

    DoctorReport report = cluster.look(false, true);

    assertThat(objects(report)).isEqualTo(Map.of(ObjectKind.ORPHAN, 1L, ObjectKind.UNLEASED, 1L));
    assertThat(report.repaired()).isEqualTo(DoctorReport.Repaired.NOTHING);
    assertThat(cluster.bucket.stat(FilePlace.of(ended).key())).isPresent();
  }

  @Test
  void theRepairDeletesTheProvedOrphansAndNothingElse() {
    write(3);
    cluster.deleteRecords();
    cluster.write(first + 3);
    cluster.upload(first + 4);
    long ended = endedLease();
    Set<String> orphans = Set.of(name(ended), name(ended + 2));
    cluster.upload(ended);
    cluster.upload(ended + 2);
    cluster.put(ended + 1, text("no file at all"));
    cluster.put(ended + 3, WrittenCluster.file("cluster-b", ended + 3, 100).body());
    Map<String, byte[]> before = cluster.objects();

    cluster.look(false, false);
    assertThat(cluster.objects().keySet()).isEqualTo(before.keySet());
    DoctorReport report = cluster.look(false, true);

    assertThat(objects(report))
        .isEqualTo(
            Map.of(
                ObjectKind.LIVE,
                1L,
                ObjectKind.QUEUED,
                3L,
                ObjectKind.YOUNG,
                1L,
                ObjectKind.FOREIGN,
                1L,
                ObjectKind.UNPROVED,
                1L));
    assertThat(report.repaired())
        .isEqualTo(
            new DoctorReport.Repaired(
                2, orphans.stream().mapToLong(key -> before.get(key).length).sum()));
    before.keySet().removeAll(orphans);
    assertThat(cluster.objects().keySet()).isEqualTo(before.keySet());
    assertThat(objects(cluster.look(false, true))).doesNotContainKey(ObjectKind.ORPHAN);
  }

  @Test
  void aRepairDeletesAThousandKeysACall() {
    int count = ObjectStore.KEYS_PER_CALL_MAX + 5;
    long ended = cluster.lease(count);
    cluster.expire(ended);
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      ObjectBody body = WrittenCluster.file(WrittenCluster.CLUSTER, ended + i, 1).body();
      cluster.put(ended + i, body);
      bytes += body.length();
    }
    OddStore store = new OddStore(cluster.bucket, 1).withRealPages();

    DoctorReport report = cluster.look(store, false, true);

    assertThat(report.repaired()).isEqualTo(new DoctorReport.Repaired(count, bytes));
    assertThat(store.deletions).containsExactly(ObjectStore.KEYS_PER_CALL_MAX, 5);
    assertThat(report.isClean()).isTrue();
  }

  @Test
  void aStoreMayListInAnyOrder() {
    for (long seed = 1; seed <= 20; seed++) {
      WrittenCluster each = new WrittenCluster(new MemoryObjectStore(), new MemoryObjectStore());
      long from = each.lease(LEASED);
      for (int i = 0; i < LEASED; i++) {
        each.write(from + i);
      }
      long ended = each.lease(LEASED);
      each.expire(ended);
      each.upload(ended + 3);
      each.upload(ended + 7);
      each.bucket.delete(List.of(FilePlace.of(from + 5).key()));

      DoctorReport report = each.look(new OddStore(each.bucket, seed), true, true);

      assertThat(objects(report))
          .as("seed %d", seed)
          .isEqualTo(Map.of(ObjectKind.LIVE, LEASED - 1L, ObjectKind.MISSING, 1L));
      assertThat(report.repaired().objects()).as("seed %d", seed).isEqualTo(2);
    }
  }

  @Test
  void aLiveFileThatTheListingDoesNotShowIsAskedForByItsKey() {
    write(2);
    OddStore store = new OddStore(cluster.bucket, 1).hiding(FilePlace.of(first).key());
    assertThat(objects(cluster.look(store, true, false))).isEqualTo(Map.of(ObjectKind.LIVE, 2L));
  }

  @Test
  void aStoreThatFailsEndsTheLook() {
    write(5);
    OddStore store = new OddStore(cluster.bucket, 1).failing();
    assertThatThrownBy(() -> cluster.look(store, false, true))
        .isInstanceOf(ObjectStoreException.Unavailable.class)
        .hasMessage("the store has gone");
    assertThat(store.deletions).isEmpty();
  }

  private void write(int files) {
    for (int i = 0; i < files; i++) {
      cluster.write(first + i);
    }
  }

  /// @return its first id
  private long endedLease() {
    long ended = cluster.lease(LEASED);
    cluster.expire(ended);
    return ended;
  }

  private void flip(long fileId, int at) {
    byte[] bytes = cluster.bytes(fileId);
    bytes[at] ^= 1;
    cluster.put(fileId, ObjectBody.of(bytes));
  }

  private static ObjectBody text(String text) {
    return ObjectBody.of(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static String name(long fileId) {
    return FilePlace.of(fileId).key().name();
  }

  private static Findings.Example example(DoctorReport report, ObjectKind kind) {
    return report.count(kind).examples().getFirst();
  }

  /// How many there are of each kind that there is.
  private static Map<ObjectKind, Long> objects(DoctorReport report) {
    return EnumSet.allOf(ObjectKind.class).stream()
        .filter(kind -> report.count(kind).objects() > 0)
        .collect(Collectors.toMap(kind -> kind, kind -> report.count(kind).objects()));
  }
}
