package io.weft.controlplane.leader.compaction;

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
import io.weft.controlplane.api.file.Compactions;
import io.weft.controlplane.api.file.Compactions.Assignment;
import io.weft.controlplane.api.file.Compactions.Run;
import io.weft.controlplane.api.file.Compactions.Swap;
import io.weft.controlplane.api.file.Compactions.SwapOutcome;
import io.weft.controlplane.api.file.Compactions.SwappedRun;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.log.LiveFiles;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.Step;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.environment.Clock;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// A state with a planner, and agents that merge without reading anything. Owned by one thread.
final class PlannedCluster implements Clock {
  static final long JOB_BYTES = 1 << 20;

  private static final int FIRST_POSITION = 64;

  final ControlPlaneState state = new ControlPlaneState();
  final CompactionPlanner planner;

  /// Partitions whose batches have sums: a swap that tells none is refused.
  final Set<PartitionId> summed = new HashSet<>();

  private long nowMs = 1_000_000;

  PlannedCluster(CompactionSettings settings) {
    state.found("cluster", nowMs);
    planner = new CompactionPlanner(state.logs(), this, settings, 1);
    state.compactions().ledBy(planner);
    as(Releases.class).finish(2);
  }

  @Override
  public long wallMs() {
    return nowMs;
  }

  @Override
  public long nanos() {
    return nowMs * 1_000_000;
  }

  void pass(long durationMs) {
    nowMs += durationMs;
  }

  /// Time passes, and the leader looks each second.
  void passLooking(long durationMs) {
    for (long passed = 0; passed < durationMs; passed += 1_000) {
      nowMs += 1_000;
      planner.look();
    }
  }

  private ControlPlaneState step() {
    return state.in(new Step(nowMs, new ArrayList<>(), ChangeListener.NONE));
  }

  <A> A as(Class<A> asker) {
    return step().as(asker);
  }

  AgentId register(long instance) {
    return as(Membership.class).register(new UUID(1, instance), Zone.NONE, "host", 9092).id();
  }

  TopicId topic(String name, int partitions) {
    return topic(name, partitions, Map.of());
  }

  TopicId topic(String name, int partitions, Map<String, String> settings) {
    TopicId id = new TopicId(7, name.hashCode());
    as(TopicCatalog.class).create(new NewTopic(id, name, partitions, (short) 1, settings));
    return id;
  }

  long lease(AgentId agent) {
    return ((LeaseOutcome.Leased) as(FileLedger.class).lease(agent, 1)).first();
  }

  /// A file with one batch of each of these partitions.
  long commit(AgentId agent, int batchBytes, List<PartitionId> partitions) {
    return commit(agent, lease(agent), batchBytes, partitions);
  }

  /// As [#commit], into the low-latency store.
  long commitFresh(AgentId agent, int batchBytes, List<PartitionId> partitions) {
    LeaseOutcome leased = as(FileLedger.class).leaseLowLatency(agent, 1);
    return commit(agent, ((LeaseOutcome.Leased) leased).first(), batchBytes, partitions);
  }

  private long commit(AgentId agent, long fileId, int batchBytes, List<PartitionId> partitions) {
    List<UploadedBatches> runs =
        partitions.stream().map(partition -> batch(partition, batchBytes)).toList();
    long bytes = FIRST_POSITION + (long) batchBytes * runs.size() + 100;
    UploadedFile file = new UploadedFile(fileId, bytes, FIRST_POSITION, runs);
    as(Sequencer.class).commit(agent, fileId, List.of(file));
    return fileId;
  }

  private UploadedBatches batch(PartitionId partition, int bytes) {
    UploadedBatches batch =
        new UploadedBatches(
            partition,
            new int[] {bytes},
            new int[] {3},
            new long[] {nowMs},
            new long[] {-1},
            new short[] {-1},
            new int[] {-1},
            new byte[] {UploadedBatches.NOT_TRANSACTIONAL},
            new long[0]);
    return summed.contains(partition) ? batch.withChecksums(new int[] {bytes}) : batch;
  }

  Assignment next(AgentId agent) {
    return next(agent, JOB_BYTES);
  }

  Assignment next(AgentId agent, long bytesMax) {
    return as(Compactions.class).next(agent, bytesMax);
  }

  SwapOutcome swap(AgentId agent, Swap swap) {
    return as(Compactions.class).swap(agent, swap);
  }

  SwapOutcome merge(AgentId agent, Assignment.Job job) {
    return swap(agent, merged(job, lease(agent)));
  }

  /// What an agent would ask for that has merged a job.
  static Swap merged(Assignment.Job job, long fileId) {
    List<SwappedRun> runs = new ArrayList<>();
    long position = FIRST_POSITION;
    for (Run run : job.runs()) {
      List<Extent> after = new ArrayList<>();
      for (Extent each : run.extents()) {
        Extent last = after.isEmpty() ? null : after.getLast();
        boolean joins =
            last != null && last.length() + each.length() <= Compactions.EXTENT_BYTES_MAX;
        if (joins) {
          after.removeLast();
        }
        after.add(
            new Extent(
                fileId,
                joins ? last.position() : position,
                joins ? last.length() + each.length() : each.length(),
                joins ? last.baseOffset() : each.baseOffset(),
                each.lastOffset(),
                joins
                    ? Math.max(last.maxTimestampMs(), each.maxTimestampMs())
                    : each.maxTimestampMs(),
                -1));
        position += each.length();
      }
      runs.add(new SwappedRun(run.partition(), run.extents(), after));
    }
    return new Swap(job.id(), fileId, position + 100, runs);
  }

  static List<Long> inputs(Assignment.Job job) {
    return job.runs().stream()
        .flatMap(run -> run.extents().stream())
        .map(Extent::fileId)
        .distinct()
        .sorted()
        .toList();
  }

  /// Where an extent lies.
  record Place(long fileId, long position) {}

  static Set<Place> places(Assignment.Job job) {
    return job.runs().stream()
        .flatMap(run -> run.extents().stream())
        .map(each -> new Place(each.fileId(), each.position()))
        .collect(Collectors.toSet());
  }

  /// Ids that were given go, and files without live extents.
  void collect() {
    ControlPlaneState now = step();
    now.leases().outstanding().forEach(lease -> now.collection().expireLease(lease.firstFileId()));
    boolean more = true;
    while (more) {
      more = now.collection().condemn(10_000);
    }
  }

  PartitionLog log(PartitionId partition) {
    return state.logs().find(partition).orElseThrow();
  }

  List<Span> spans(PartitionId partition) {
    return ((ExtentsFound.Found)
            as(ExtentIndex.class)
                .find(List.of(new ExtentQuery(partition, 0, Integer.MAX_VALUE)))
                .getFirst())
        .spans();
  }

  List<Extent> extents(PartitionId partition) {
    return spans(partition).stream().map(Extent.class::cast).toList();
  }

  long liveFiles() {
    LiveFiles files = state.logs().files();
    return files.smallLive(Long.MAX_VALUE).length;
  }
}
