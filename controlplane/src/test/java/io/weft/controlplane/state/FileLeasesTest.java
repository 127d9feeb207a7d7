package io.weft.controlplane.state;

import static io.weft.controlplane.state.TestCluster.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.FileLedger.LeaseOutcome;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.api.file.FileWriters;
import io.weft.controlplane.api.file.FileWriters.WriterLease;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.file.FileLeases;
import io.weft.controlplane.state.file.FileRecord;
import io.weft.controlplane.state.file.FileRecord.FileCommitted;
import io.weft.controlplane.state.file.FileRecord.FileIdsExpired;
import io.weft.controlplane.state.file.FileRecord.FileIdsLeased;
import io.weft.controlplane.state.file.OutstandingLease;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.CurrentStep;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.controlplane.state.partition.ProducerChecks;
import io.weft.controlplane.state.partition.TransactionGate;
import io.weft.model.AgentId;
import io.weft.model.FileTier;
import io.weft.model.PartitionId;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which agent may commit which file, and for how long a repeated commit gets the same answer.
final class FileLeasesTest {
  private final TestCluster cluster = new TestCluster();
  private final AgentId agent = cluster.register(1);
  private final AgentId other = cluster.register(2);
  private final PartitionId partition = new PartitionId(cluster.topic("t", 1), 0);
  private final UploadedBatches run = RunBuilder.run(partition).batch(1).build();

  private List<String> commit(AgentId by, long fileId) {
    return told(cluster.commit(by, fileId, run));
  }

  private List<String> commit(long settledBelow, long fileId) {
    return told(cluster.commit(agent, settledBelow, TestCluster.file(fileId, run)).get(0));
  }

  private void expire(long firstFileId) {
    cluster.in().leases().expire(firstFileId);
  }

  @Test
  void idsRiseFromOne() {
    assertThat(cluster.as(FileLedger.class).lease(agent, 10))
        .isEqualTo(new LeaseOutcome.Leased(1, 10, FileLeases.IDS_USABLE_MS));
    assertThat(cluster.lease(other, 5)).isEqualTo(11);
    assertThat(cluster.lease(agent, 1)).isEqualTo(16);
  }

  @Test
  void idsOfBothTiersAreNumberedThrough() {
    cluster.as(Releases.class).finish(2);
    assertThat(cluster.lease(agent, 10)).isEqualTo(1);
    long low = lowLatency(agent, 5);
    assertThat(FileTier.of(low)).isEqualTo(FileTier.LOW_LATENCY);
    assertThat(FileTier.number(low)).isEqualTo(11);
    assertThat(cluster.lease(agent, 1)).isEqualTo(16);

    assertThat(commit(agent, low + 4)).containsExactly("PLACED@0");
    assertThat(commit(agent, 11)).containsExactly("Expired");
    assertThat(commit(agent, low + 5)).containsExactly("Expired");
    FileLeases leases = cluster.in().leases();
    assertThat(leases.isVoid(11)).isTrue();
    assertThat(leases.isVoid(low)).isFalse();
    expire(low);
    assertThat(leases.isVoid(low)).isTrue();
    assertThat(leases.isVoid(FileTier.LOW_LATENCY.id(17))).isFalse();
  }

  @Test
  void beforeTheLevelIsFinalAllIdsAreOfOneTier() {
    assertThat(FileTier.of(lowLatency(agent, 5))).isEqualTo(FileTier.HIGH_LATENCY);
  }

  private long lowLatency(AgentId by, int count) {
    LeaseOutcome leased = cluster.as(FileLedger.class).leaseLowLatency(by, count);
    return ((LeaseOutcome.Leased) leased).first();
  }

  @Test
  void outstandingLeasesAreListed() {
    cluster.lease(agent, 10);
    cluster.nowMs = 20_000;
    cluster.lease(other, 5);

    assertThat(cluster.state.leases().outstanding())
        .containsExactly(
            new OutstandingLease(1, 10, agent, 10_000), new OutstandingLease(11, 5, other, 20_000));
  }

  @Test
  void theWritersOfFilesFromAnIdOnAreFound() {
    cluster.lease(agent, 10);
    cluster.lease(other, 5);
    cluster.lease(agent, 1);
    FileWriters writers = cluster.as(FileWriters.class);
    WriterLease first = new WriterLease(1, 10, agent);
    WriterLease second = new WriterLease(11, 5, other);
    WriterLease third = new WriterLease(16, 1, agent);

    assertThat(writers.writersFrom(0)).containsExactly(first, second, third);
    assertThat(writers.writersFrom(10)).containsExactly(first, second, third);
    assertThat(writers.writersFrom(12)).containsExactly(second, third);
    assertThat(writers.writersFrom(17)).isEmpty();
    expire(11);
    assertThat(writers.writersFrom(12)).containsExactly(third);
  }

  @Test
  void anUnknownAgentGetsNone() {
    assertThat(cluster.as(FileLedger.class).lease(new AgentId(99), 1))
        .isEqualTo(new LeaseOutcome.UnknownAgent());
  }

  @Test
  void aLeaseHasALimit() {
    assertThatThrownBy(() -> cluster.lease(agent, 10_001))
        .isInstanceOf(ControlPlaneException.Rejected.class);
    assertThatThrownBy(() -> cluster.lease(agent, 0))
        .isInstanceOf(ControlPlaneException.Rejected.class);
  }

  @Test
  void leasesOfOneAgentHaveALimit() {
    for (int i = 0; i < FileLeases.LEASES_PER_AGENT_MAX; i++) {
      cluster.lease(agent, 1);
    }

    assertThatThrownBy(() -> cluster.lease(agent, 1))
        .isInstanceOf(ControlPlaneException.Rejected.class);
    assertThat(cluster.lease(other, 1)).isGreaterThan(FileLeases.LEASES_PER_AGENT_MAX);
  }

  @Test
  void aCommitRepeatedIsAnsweredAlikeAndChangesNothing() {
    long first = cluster.lease(agent, 10);
    commit(agent, first);
    int records = cluster.records.size();

    assertThat(commit(agent, first)).containsExactly("PLACED@0");
    assertThat(cluster.records).hasSize(records);
    assertThat(cluster.bounds(partition).highWatermark()).isEqualTo(1);
  }

  @Test
  void idsNeverLeasedOrLeasedToAnotherAreExpired() {
    long first = cluster.lease(agent, 10);

    assertThat(commit(other, first)).containsExactly("Expired");
    assertThat(commit(agent, first + 10)).containsExactly("Expired");
    assertThat(commit(agent, 0)).containsExactly("Expired");
    assertThat(cluster.bounds(partition).highWatermark()).isZero();
  }

  @Test
  void idsMayBeSkippedAndUsedLater() {
    long first = cluster.lease(agent, 10);

    assertThat(commit(agent, first + 5)).containsExactly("PLACED@0");
    assertThat(commit(agent, first + 2)).containsExactly("PLACED@1");
    assertThat(commit(agent, first + 5)).containsExactly("PLACED@0");
  }

  @Test
  void whatIsSettledIsForgottenAndNeverCommittedAgain() {
    long first = cluster.lease(agent, 10);
    commit(0, first);
    commit(first + 2, first + 2);

    assertThat(commit(0, first)).containsExactly("Expired");
    assertThat(commit(0, first + 1)).containsExactly("Expired");
    assertThat(commit(0, first + 2)).containsExactly("PLACED@1");
    assertThat(cluster.bounds(partition).highWatermark()).isEqualTo(2);
  }

  @Test
  void settledNeverGoesBack() {
    long first = cluster.lease(agent, 10);
    commit(first + 2, first + 2);
    commit(0, first + 3);

    assertThat(commit(0, first + 1)).containsExactly("Expired");
  }

  @Test
  void afterExpiryNothingCanBeCommitted() {
    long first = cluster.lease(agent, 10);
    expire(first);

    assertThat(commit(agent, first)).containsExactly("Expired");
    assertThat(cluster.state.leases().outstanding()).isEmpty();
  }

  @Test
  void whatWasCommittedBeforeExpiryStaysInTheLog() {
    long first = cluster.lease(agent, 10);
    commit(agent, first);
    expire(first);

    assertThat(commit(agent, first)).containsExactly("Expired");
    assertThat(commit(agent, first + 1)).containsExactly("Expired");
    assertThat(cluster.extents(partition)).hasSize(1);
  }

  @Test
  void expiryEndsOneLeaseOnly() {
    long first = cluster.lease(agent, 10);
    long second = cluster.lease(agent, 10);
    commit(agent, first);
    commit(agent, second);
    expire(first);

    assertThat(commit(agent, second)).containsExactly("PLACED@1");
    assertThat(commit(agent, second + 1)).containsExactly("PLACED@2");
  }

  @Test
  void outcomesGoWithTheirLease() {
    UploadedFile file = TestCluster.file(3, run);
    ProducerChecks checks = new ProducerChecks(0, TransactionGate.NONE);
    FileLeases committed = leases();
    FileLeases abandoned = leases();
    for (FileLeases leases : List.of(committed, abandoned)) {
      replay(leases, new FileIdsLeased(agent, 1, 10, 0));
      replay(leases, new FileIdsLeased(agent, 11, 10, 0));
    }
    replay(
        committed,
        new FileCommitted(
            agent, 0, 0, file, List.of(new PartitionLog().judge(run, false, 0, checks))));
    for (FileLeases leases : List.of(committed, abandoned)) {
      replay(leases, new FileIdsExpired(1, 0));
    }

    assertThat(bytes(committed)).isEqualTo(bytes(abandoned));
  }

  /// To be replayed only.
  private static FileLeases leases() {
    return new FileLeases(new CurrentStep((_, _) -> {}), () -> 2, _ -> true);
  }

  private static void replay(FileLeases leases, FileRecord record) {
    leases.replay(record, ChangeListener.NONE);
  }

  private static byte[] bytes(FileLeases leases) {
    WireWriter out = new WireWriter();
    leases.write(out);
    return out.toByteArray();
  }

  @Test
  void expiryOfNoLeaseIsNoRecord() {
    long first = cluster.lease(agent, 10);
    int records = cluster.records.size();
    expire(first + 1);

    assertThat(cluster.records).hasSize(records);
  }

  /// The upload of an agent that is thought dead is still good, until its lease expires.
  @Test
  void anAgentThatIsGoneMayStillCommitWhatItLeased() {
    long first = cluster.lease(agent, 10);
    cluster.in().agents().leave(agent);

    assertThat(commit(agent, first)).containsExactly("PLACED@0");
    assertThat(cluster.as(FileLedger.class).lease(agent, 1))
        .isEqualTo(new LeaseOutcome.UnknownAgent());
  }
}
