package io.weft.simulation.day;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.FileLedger.LeaseOutcome;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.api.file.Compactions;
import io.weft.controlplane.api.file.Compactions.Assignment;
import io.weft.controlplane.api.file.Compactions.Run;
import io.weft.controlplane.api.file.Compactions.Swap;
import io.weft.controlplane.api.file.Compactions.SwapOutcome;
import io.weft.controlplane.api.file.Compactions.SwappedRun;
import io.weft.controlplane.api.file.DeadFiles;
import io.weft.controlplane.leader.LeaderSeat;
import io.weft.environment.Environment;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Asks a leader what an agent asks that writes, merges and deletes files, and keeps the bucket's
/// book. Used by one thread of its world.
final class DayAgent {
  private static final int ROUND_MS = 10_000;
  private static final int IDS_PER_LEASE = 20;
  private static final int BATCH_BYTES = 4 << 10;
  private static final int HEADER_BYTES = 65;
  private static final int RECORDS = 4;
  private static final long JOB_BYTES_MAX = 64L << 20;
  private static final int JOBS_PER_ROUND_MAX = 4;

  /// Of so many files one is put and never committed.
  private static final int FILES_PER_ORPHAN = 25;

  private final LeaderSeat seat;
  private final Environment environment;
  private final DayPlan plan;
  private final TopicId topic;
  private final int number;
  private final DayBucket bucket;
  private Optional<AgentId> self = Optional.empty();
  private long nextId;
  private long idsEnd;
  private long idsUsableUntilMs;
  private long flushAtMs;
  private int files;

  DayAgent(
      LeaderSeat seat,
      Environment environment,
      DayPlan plan,
      TopicId topic,
      int number,
      DayBucket bucket) {
    this.seat = seat;
    this.environment = environment;
    this.plan = plan;
    this.topic = topic;
    this.number = number;
    this.bucket = bucket;
  }

  void run() {
    try {
      while (true) {
        try {
          round();
        } catch (ControlPlaneException e) {
          self = Optional.empty();
        }
        environment.tasks().sleepMs(ROUND_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void round() {
    if (self.isEmpty()) {
      UUID instance = new UUID(number, 1);
      self = Optional.of(seat.as(Membership.class).register(instance, Zone.NONE, "a", 1).id());
    }
    seat.as(Membership.class).renew(self.get());
    if (environment.clock().monotonicMs() >= flushAtMs) {
      flushAtMs = environment.clock().monotonicMs() + plan.flushMs();
      write();
    }
    for (int i = 0; i < JOBS_PER_ROUND_MAX; i++) {
      Assignment next = seat.as(Compactions.class).next(self.get(), JOB_BYTES_MAX);
      if (!(next instanceof Assignment.Job job)) {
        break;
      }
      merge(job);
    }
    DeadFiles dead = seat.as(DeadFiles.class);
    List<Long> taken =
        dead.take(self.get(), DeadFiles.FILES_PER_TAKE_MAX, environment.clock().wallMs());
    if (!taken.isEmpty()) {
      taken.forEach(bucket::delete);
      dead.deleted(self.get(), taken);
    }
  }

  private long id() {
    long nowMs = environment.clock().monotonicMs();
    if (nextId == idsEnd || nowMs >= idsUsableUntilMs) {
      LeaseOutcome outcome = seat.as(FileLedger.class).lease(self.get(), IDS_PER_LEASE);
      if (!(outcome instanceof LeaseOutcome.Leased(long first, int count, long usableMs))) {
        throw new ControlPlaneException.Unavailable("not registered any more", null);
      }
      nextId = first;
      idsEnd = first + count;
      idsUsableUntilMs = nowMs + usableMs;
    }
    return nextId++;
  }

  private void write() {
    long fileId = id();
    bucket.put(fileId, environment.clock().monotonicMs());
    files++;
    if (files % FILES_PER_ORPHAN == 0) {
      return;
    }
    List<UploadedBatches> runs = new ArrayList<>();
    for (int i = number; i < plan.partitions(); i += plan.agents()) {
      runs.add(batch(new PartitionId(topic, i)));
    }
    long bytes = HEADER_BYTES + (long) runs.size() * BATCH_BYTES;
    UploadedFile file = new UploadedFile(fileId, bytes, HEADER_BYTES, runs);
    FileOutcome outcome =
        seat.as(Sequencer.class).commit(self.get(), fileId, List.of(file)).getFirst();
    if (outcome instanceof FileOutcome.Committed) {
      bucket.committed(fileId);
    }
  }

  private UploadedBatches batch(PartitionId partition) {
    return new UploadedBatches(
        partition,
        new int[] {BATCH_BYTES},
        new int[] {RECORDS},
        new long[] {environment.clock().wallMs()},
        new long[] {-1},
        new short[] {-1},
        new int[] {-1},
        new byte[] {UploadedBatches.NOT_TRANSACTIONAL});
  }

  private void merge(Assignment.Job job) {
    long fileId = id();
    List<SwappedRun> runs = new ArrayList<>();
    long position = HEADER_BYTES;
    for (Run run : job.runs()) {
      int length = run.extents().stream().mapToInt(Extent::length).sum();
      Extent first = run.extents().getFirst();
      long maxMs = run.extents().stream().mapToLong(Extent::maxTimestampMs).max().orElseThrow();
      long lastOffset = run.extents().getLast().lastOffset();
      Extent merged =
          new Extent(fileId, position, length, first.baseOffset(), lastOffset, maxMs, -1);
      runs.add(new SwappedRun(run.partition(), run.extents(), List.of(merged)));
      position += length;
    }
    bucket.put(fileId, environment.clock().monotonicMs());
    Swap swap = new Swap(job.id(), fileId, position, runs);
    if (seat.as(Compactions.class).swap(self.get(), swap) instanceof SwapOutcome.Swapped) {
      bucket.committed(fileId);
    }
  }
}
