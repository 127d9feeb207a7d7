package io.weft.controlplane.leader.cleaning;

import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.ExtentIndex.ExtentQuery;
import io.weft.controlplane.api.ExtentIndex.ExtentsFound;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.FileLedger.LeaseOutcome;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.api.file.Cleanings;
import io.weft.controlplane.api.file.Cleanings.Assignment;
import io.weft.controlplane.api.file.Compactions.Swap;
import io.weft.controlplane.api.file.Compactions.SwapOutcome;
import io.weft.controlplane.api.file.Compactions.SwappedRun;
import io.weft.controlplane.api.topic.DeletedTopics;
import io.weft.controlplane.api.topic.DeletedTopics.UndeleteOutcome;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.Step;
import io.weft.environment.Clock;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.Invariant;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/// A state with a planner of cleaning, and an agent that cleans without reading anything. Owned by
/// one thread.
final class CompactedCluster implements Clock {
  private static final int FIRST_POSITION = 64;

  final ControlPlaneState state = new ControlPlaneState();
  final Set<Long> busy = new HashSet<>();

  /// Partitions whose batches have sums: a swap that tells none is refused.
  final Set<PartitionId> summed = new HashSet<>();

  final CleaningPlanner planner;
  final AgentId agent;
  private long nowMs = 1_000_000;

  CompactedCluster(CleaningSettings settings) {
    state.found("cluster", nowMs);
    planner =
        new CleaningPlanner(state.logs(), this, settings, (_, fileId) -> busy.contains(fileId), 1);
    state.cleanings().ledBy(planner);
    as(Releases.class).finish(2);
    agent = as(Membership.class).register(new UUID(1, 1), Zone.NONE, "host", 9092).id();
  }

  @Override
  public long wallMs() {
    return nowMs;
  }

  @Override
  public long nanos() {
    return nowMs * 1_000_000;
  }

  /// Time passes, and the leader looks each second.
  void pass(long durationMs) {
    for (long passed = 0; passed < durationMs; passed += 1_000) {
      nowMs += 1_000;
      planner.look();
    }
  }

  <A> A as(Class<A> asker) {
    return state.in(new Step(nowMs, new ArrayList<>(), ChangeListener.NONE)).as(asker);
  }

  PartitionId topic(String name, Map<String, String> settings) {
    TopicId id = new TopicId(7, name.hashCode());
    as(TopicCatalog.class).create(new NewTopic(id, name, 1, (short) 1, settings));
    return new PartitionId(id, 0);
  }

  /// Deletes its topic, which can come back.
  void keep(PartitionId partition) {
    state.deletion().ledBy(now -> OptionalLong.of(now + 86_400_000));
    Invariant.check(as(TopicCatalog.class).delete(partition.topic()), "it was not there");
  }

  void bringBack(PartitionId partition, String name) {
    Invariant.check(
        as(DeletedTopics.class).undelete(partition.topic(), name) == UndeleteOutcome.UNDELETED,
        "it does not come back");
  }

  long lease() {
    return ((LeaseOutcome.Leased) as(FileLedger.class).lease(agent, 1)).first();
  }

  /// A file with one batch of three records.
  ///
  /// @param producerId of an open transaction, or -1
  long commit(PartitionId partition, int bytes, long producerId) {
    long fileId = lease();
    boolean transactional = producerId >= 0;
    UploadedBatches batch =
        new UploadedBatches(
            partition,
            new int[] {bytes},
            new int[] {3},
            new long[] {nowMs},
            new long[] {producerId},
            new short[] {(short) (transactional ? 0 : -1)},
            new int[] {transactional ? 0 : -1},
            new byte[] {UploadedBatches.NOT_TRANSACTIONAL},
            new long[0]);
    UploadedFile file =
        new UploadedFile(
            fileId,
            FIRST_POSITION + bytes + 100,
            FIRST_POSITION,
            List.of(summed.contains(partition) ? batch.withChecksums(new int[] {7}) : batch));
    as(Sequencer.class).commit(agent, fileId, List.of(file));
    return fileId;
  }

  Assignment next() {
    return as(Cleanings.class).next(agent);
  }

  /// What is to be cleaned within a minute, if anything.
  Assignment asked() {
    Assignment first = next();
    pass(40_000);
    return first instanceof Assignment.Job ? first : next();
  }

  SwapOutcome swap(Swap swap) {
    return as(Cleanings.class).swap(agent, swap);
  }

  /// Cleans a whole job: half of the bytes are left.
  SwapOutcome clean(Assignment.Job job) {
    List<Extent> before =
        spans(job.partition()).stream()
            .filter(span -> span.baseOffset() < job.end())
            .map(Extent.class::cast)
            .toList();
    return swap(cleaned(job, before, Extent.Offsets.OWN));
  }

  Swap cleaned(Assignment.Job job, List<Extent> before, Extent.Offsets offsets) {
    long fileId = lease();
    int bytes = before.stream().mapToInt(Extent::length).sum() / 2;
    Extent after =
        new Extent(
            fileId,
            FIRST_POSITION,
            bytes,
            before.getFirst().baseOffset(),
            before.getLast().lastOffset(),
            before.getLast().maxTimestampMs(),
            -1,
            offsets);
    SwappedRun run = new SwappedRun(job.partition(), before, List.of(after));
    return new Swap(job.id(), fileId, FIRST_POSITION + bytes + 100, List.of(run));
  }

  List<Span> spans(PartitionId partition) {
    return ((ExtentsFound.Found)
            as(ExtentIndex.class)
                .find(List.of(new ExtentQuery(partition, 0, Integer.MAX_VALUE)))
                .getFirst())
        .spans();
  }
}
