package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.state.file.FileRecord.FileCommitted;
import io.weft.controlplane.state.log.LogRecord.ReplacedRun;
import io.weft.controlplane.state.log.LogRecord.SumsStated;
import io.weft.controlplane.state.log.ReplaceOutcome;
import io.weft.controlplane.state.log.SumsDifferException;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.model.AgentId;
import io.weft.model.BatchSums;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The sums of what was produced, of what is live and of what was deleted.
final class ConservationTest {
  private static final long SALT = 0xEF19_B482_B29C_D522L;
  private static final long FIRST = 0xEC5B_9829_568E_EED2L;
  private static final long SECOND = 0xE6AA_6D22_E8A0_60C3L;

  /// These numbers are in journals and snapshots for ever.
  @Test
  void theNumbersOfBatchesNeverChange() {
    BatchSums sums =
        BatchSums.of(new PartitionId(new TopicId(0x0102030405060708L, 0x090A0B0C0D0E0F10L), 3));

    assertThat(sums.salt()).isEqualTo(SALT);
    assertThat(sums.of(0, 1, 0)).isEqualTo(FIRST);
    assertThat(sums.of(1L << 40, 500, 0xCAFE_BABE)).isEqualTo(SECOND);
  }

  /// Two replicas must agree however a command came to the one that leads.
  @Test
  void beforeLevelTwoIsFinalNothingHasASum() {
    TestCluster cluster = new TestCluster();
    AgentId agent = cluster.register(1);
    PartitionId partition = new PartitionId(cluster.topic("t", 1), 0);
    UploadedBatches run = RunBuilder.run(partition).batch(2).build().withChecksums(new int[] {77});
    cluster.commit(agent, cluster.lease(agent, 1), run);
    cluster.in().logs().stateSums();

    assertThat(cluster.records.getLast()).isInstanceOf(FileCommitted.class);
    assertThat(cluster.state.logs().conservation().extents()).isEqualTo(1);
    assertThat(cluster.state.logs().conservation().unsummed()).isEqualTo(1);
    cluster.as(Releases.class).finish(2);
    cluster.commit(agent, cluster.lease(agent, 1), run);
    cluster.in().logs().stateSums();
    long sum = BatchSums.of(partition).of(2, 2, 77);
    assertThat(cluster.records.getLast()).isEqualTo(new SumsStated(sum, 0, sum, 2, 1));
    assertThat(TestCluster.snapshot(cluster.replica())).isEqualTo(cluster.snapshot());
  }

  /// The one that was asked first is answered again, and counted once.
  @Test
  void aRepeatedCommitCountsOnce() {
    SummedCluster summed = new SummedCluster(new Random(1));
    AgentId agent = summed.cluster.register(2);
    PartitionId partition = summed.anyPartition();
    UploadedBatches run = RunBuilder.run(partition).batch(2).build().withChecksums(new int[] {77});
    long fileId = summed.cluster.lease(agent, 1);
    summed.cluster.commit(agent, fileId, run);
    SumsStated once = summed.stated();
    summed.cluster.commit(agent, fileId, run);

    assertThat(summed.stated()).isEqualTo(once);
  }

  @Test
  void whatHasOtherBatchesThanTheLeaderSaysSo() {
    SummedCluster summed = new SummedCluster(new Random(2));
    for (int i = 0; i < 10; i++) {
      summed.commit(true);
    }
    summed.stated();
    ControlPlaneState same = new ControlPlaneState();
    summed.cluster.records.forEach(each -> same.replay(each, ChangeListener.NONE));
    ControlPlaneState other = new ControlPlaneState();
    List<StateRecord> records = summed.cluster.records;
    boolean altered = false;
    for (StateRecord each : records.subList(0, records.size() - 1)) {
      if (!altered && each instanceof FileCommitted file) {
        other.replay(withOtherChecksums(file), ChangeListener.NONE);
        altered = true;
      } else {
        other.replay(each, ChangeListener.NONE);
      }
    }

    assertThat(altered).isTrue();
    assertThatThrownBy(() -> other.replay(records.getLast(), ChangeListener.NONE))
        .isInstanceOf(SumsDifferException.class)
        .hasMessageMatching(
            "the logs differ from the leader's: here \\d+ extents \\(0 without a sum\\), live"
                + " [0-9a-f]{16}, produced [0-9a-f]{16}, deleted 0{16}, there .*");
  }

  private static FileCommitted withOtherChecksums(FileCommitted record) {
    UploadedBatches run = record.file().partitions().getFirst();
    int[] others = run.checksums().clone();
    for (int i = 0; i < others.length; i++) {
      others[i]++;
    }
    return new FileCommitted(
        record.agent(),
        record.settledBelow(),
        record.timeMs(),
        TestCluster.file(record.file().fileId(), run.withChecksums(others)),
        record.outcomes());
  }

  /// A snapshot whose extents were damaged before it was sealed.
  @Test
  void aSnapshotThatHasLostSomethingIsNotRead() {
    SummedCluster summed = new SummedCluster(new Random(3));
    summed.commit(true);
    byte[] snapshot = summed.cluster.snapshot();
    byte[] sum = new byte[Long.BYTES];
    ByteBuffer.wrap(sum).putLong(summed.stated().live());
    int at = indexOf(snapshot, sum);
    assertThat(at).isPositive();
    snapshot[at]++;

    assertThatThrownBy(() -> TestCluster.restored(snapshot))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessageContaining("the extents' sum is");
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int i = 0; i + part.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
        return i;
      }
    }
    return -1;
  }

  /// What was committed before, or by an agent that tells nothing, is never held up.
  @Test
  void extentsWithoutSumsGetTheirsWhenTheyAreMerged() {
    SummedCluster summed = new SummedCluster(new Random(4));
    for (int i = 0; i < 20; i++) {
      summed.commit(false);
    }
    assertThat(summed.stated().produced()).isZero();
    assertThat(summed.stated().unsummed()).isPositive();
    for (int i = 0; i < 200 && summed.stated().unsummed() > 0; i++) {
      SummedCluster.Plan plan = summed.plan(false);
      if (!plan.before().isEmpty()) {
        summed.replaced(plan, plan.run());
      }
    }

    assertThat(summed.stated().unsummed()).isZero();
    summed.check("all are merged");
    SummedCluster.Plan plan = summed.plan(false);
    assertThat(
            summed.replace(
                plan, new ReplacedRun(plan.partition(), plan.run().before(), plan.run().after())))
        .isEqualTo(
            new ReplaceOutcome.Refused(
                plan.partition() + ": sums would be lost", Optional.of(plan.partition())));
  }

  @Test
  void aSnapshotWithSumsIsWrittenAndRead() throws IOException {
    SummedCluster summed = new SummedCluster(new Random(5));
    summed.commit(true);
    summed.commit(false);
    summed.commit(true);
    byte[] snapshot = summed.cluster.snapshot();

    assertThat(HexFormat.of().formatHex(snapshot)).isEqualTo(golden("snapshot-v4-sums"));
    assertThat(TestCluster.snapshot(TestCluster.restored(snapshot))).isEqualTo(snapshot);
  }

  private static String golden(String name) throws IOException {
    try (InputStream in =
        ConservationTest.class.getResourceAsStream("/format/state/" + name + ".hex")) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip();
    }
  }
}
