package io.weft.controlplane.state.collection;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.file.DeadFiles;
import io.weft.controlplane.state.dead.CondemnedFiles;
import io.weft.controlplane.state.dead.CondemnedFiles.Condemned;
import io.weft.controlplane.state.dead.DeadFileRecord.FilesCondemned;
import io.weft.controlplane.state.dead.DeadFileRecord.FilesDeleted;
import io.weft.controlplane.state.dead.FileRun;
import io.weft.controlplane.state.file.FileLeases;
import io.weft.controlplane.state.file.OutstandingLease;
import io.weft.controlplane.state.log.LiveFiles;
import io.weft.controlplane.state.part.CurrentStep;
import io.weft.controlplane.state.part.StatePart;
import io.weft.model.AgentId;
import io.weft.model.Invariant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

/// Condemns files that no log needs, and hands them out to be deleted. Owned by one thread.
///
/// It keeps nothing in a snapshot: which files were handed out, and which have been condemned for
/// long enough, only a leader knows. A new leader hands them out again.
public final class FileCollection implements StatePart, DeadFiles {
  /// Files that wait to be deleted, at most: with no agent that deletes, further ones stay among
  /// the files without extents. (Ids of a lease that has expired are condemned all the same.)
  static final int QUEUED_MAX = 1_000_000;

  /// The level of the records here.
  private static final int SINCE = 2;

  private static final Condemned FIRST = new Condemned(Long.MIN_VALUE, -1);

  private final CurrentStep step;
  private final IntSupplier level;
  private final Predicate<AgentId> known;
  private final FileLeases leases;
  private final LiveFiles files;
  private final CondemnedFiles condemned;

  private final Deque<HandOut> handedOut = new ArrayDeque<>();

  /// Handed out for longer than they are kept for an agent, and still there.
  private final Deque<Long> again = new ArrayDeque<>();

  /// The last one that was handed out for the first time.
  private Condemned last = FIRST;

  private long ripeBeforeMs = Long.MIN_VALUE;
  private long deleted;

  /// @param level that is final for the cluster
  /// @param known whether an agent is registered
  public FileCollection(
      CurrentStep step,
      IntSupplier level,
      Predicate<AgentId> known,
      FileLeases leases,
      LiveFiles files,
      CondemnedFiles condemned) {
    this.step = step;
    this.level = level;
    this.known = known;
    this.leases = leases;
    this.files = files;
    this.condemned = condemned;
  }

  private record HandOut(List<Long> fileIds, long timeMs) {}

  /// How many files wait to be deleted.
  public int queued() {
    return condemned.count();
  }

  /// Whether this file waits to be deleted.
  public boolean isQueued(long fileId) {
    return condemned.holds(fileId);
  }

  /// How many were deleted since this state is in memory, ids that were never used among them.
  public long deleted() {
    return deleted;
  }

  /// Whether files can be condemned: the level of their record is final.
  public boolean isOpen() {
    return level.getAsInt() >= SINCE;
  }

  /// Condemns files without extents.
  ///
  /// @param max of them
  /// @return whether there may be more
  public boolean condemn(int max) {
    int room = Math.min(max, QUEUED_MAX - condemned.count());
    if (!isOpen() || room <= 0) {
      return false;
    }
    List<Long> empty = files.empty(room);
    if (!empty.isEmpty()) {
      step.make(new FilesCondemned(FileRun.of(empty), step.nowMs()));
    }
    return empty.size() == room;
  }

  /// Ends the lease that begins at this id, if there is one, and condemns those of its ids that
  /// were never committed: they never will be.
  public void expireLease(long firstFileId) {
    Optional<OutstandingLease> lease = leases.outstandingAt(firstFileId);
    if (lease.isEmpty()) {
      return;
    }
    List<Long> orphans = isOpen() ? neverCommitted(lease.get()) : List.of();
    leases.expire(firstFileId);
    if (!orphans.isEmpty()) {
      step.make(new FilesCondemned(FileRun.of(orphans), step.nowMs()));
    }
  }

  private List<Long> neverCommitted(OutstandingLease lease) {
    List<Long> orphans = new ArrayList<>();
    for (long id = lease.firstFileId(); id < lease.firstFileId() + lease.count(); id++) {
      if (files.liveExtents(id) < 0 && !condemned.isDead(id)) {
        orphans.add(id);
      }
    }
    return orphans;
  }

  /// Files that were condemned at a lower time may be deleted from here on.
  public void ripen(long beforeMs) {
    ripeBeforeMs = Math.max(ripeBeforeMs, beforeMs);
  }

  @Override
  public List<Long> take(AgentId agent, int max, long wallMs) {
    if (max < 1 || max > FILES_PER_TAKE_MAX) {
      throw new ControlPlaneException.Rejected(
          "asked for %d dead files; one call can take 1 to %d".formatted(max, FILES_PER_TAKE_MAX));
    }
    if (!known.test(agent)) {
      return List.of();
    }
    takeBack();
    List<Long> taken = new ArrayList<>();
    while (taken.size() < max && !again.isEmpty()) {
      addIfCondemned(again.removeFirst(), taken);
    }
    Optional<Condemned> next = condemned.after(last);
    while (taken.size() < max && next.isPresent() && next.get().timeMs() < ripeBeforeMs) {
      last = next.get();
      addIfCondemned(last.fileId(), taken);
      next = condemned.after(last);
    }
    if (!taken.isEmpty()) {
      handedOut.addLast(new HandOut(taken, step.nowMs()));
    }
    return List.copyOf(taken);
  }

  private void addIfCondemned(long fileId, List<Long> taken) {
    if (condemned.holds(fileId)) {
      Invariant.check(files.liveExtents(fileId) < 0, "file %d is live and condemned", fileId);
      taken.add(fileId);
    }
  }

  /// What an agent has had for too long may be given to another.
  private void takeBack() {
    while (!handedOut.isEmpty() && step.nowMs() - handedOut.getFirst().timeMs() >= KEPT_MS) {
      again.addAll(handedOut.removeFirst().fileIds());
    }
  }

  @Override
  public void deleted(AgentId agent, List<Long> fileIds) {
    TreeSet<Long> gone = new TreeSet<>();
    for (long each : fileIds) {
      if (condemned.holds(each)) {
        gone.add(each);
      }
    }
    if (!gone.isEmpty()) {
      step.make(new FilesDeleted(FileRun.of(gone)));
      deleted += gone.size();
    }
  }
}
