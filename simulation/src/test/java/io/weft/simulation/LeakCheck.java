package io.weft.simulation;

import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.controlplane.leader.inspect.FollowedState;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.file.OutstandingLease;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.simulated.SimulatedStore;
import io.weft.simulation.client.Notes;
import io.weft.simulation.cluster.Cluster;
import io.weft.storage.file.FileLayout;
import io.weft.storage.file.FilePlace;
import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// When nothing is going on any more, bucket and metadata agree: every live extent lies in an
/// object, and every object is live, or of a lease of ids that has not ended. Nothing dead is left.
///
/// What was put by a call that arrived after its file had been deleted stays: only a look at the
/// whole bucket finds it.
final class LeakCheck {
  /// Beside the grace: agents rest before they ask for dead files, and a leader that came to power
  /// late waits for a whole grace.
  private static final long PATIENCE_MS = 180_000;

  private static final long LOOK_MS = 5_000;
  private static final int COMPLAINTS_MAX = 5;

  private final Cluster cluster;
  private final SimulatedStore files;
  private final Notes notes;

  LeakCheck(Cluster cluster, Notes notes) {
    this.cluster = cluster;
    this.files = cluster.store();
    this.notes = notes;
  }

  /// Until they agree; complains if they do not in time.
  void await() throws InterruptedException {
    FollowedState followed =
        FollowedState.open(cluster.journal(), cluster.world().environment()).orElseThrow();
    long deadlineMs = cluster.world().nowMs() + Cluster.FILE_DELETE_GRACE_MS + PATIENCE_MS;
    List<String> differences = differences(followed.state());
    while (!differences.isEmpty() && cluster.world().nowMs() < deadlineMs) {
      cluster.world().sleepMs(LOOK_MS);
      followed.advance();
      differences = differences(followed.state());
    }
    differences.stream()
        .limit(COMPLAINTS_MAX)
        .forEach(each -> notes.complain("bucket and metadata: %s", each));
  }

  private List<String> differences(ControlPlaneState state) {
    List<String> found = new ArrayList<>();
    for (Topic topic : state.as(TopicCatalog.class).read(-1).orElseThrow().topics()) {
      for (int i = 0; i < topic.partitions(); i++) {
        PartitionId partition = new PartitionId(topic.id(), i);
        state.logs().find(partition).ifPresent(log -> lookForObjects(partition, log, found));
      }
    }
    // Before old formats are left behind, nothing is deleted.
    if (state.collection().isOpen()) {
      lookForDead(state, found);
    }
    return found;
  }

  private void lookForObjects(PartitionId partition, PartitionLog log, List<String> found) {
    for (int i = 0; i < log.spanCount(); i++) {
      if (log.span(i) instanceof Extent extent) {
        ObjectKey key = FilePlace.of(extent.fileId()).key();
        Optional<ObjectInfo> there = files.stat(key);
        if (there.isEmpty()) {
          found.add("%s at %d: there is no %s".formatted(partition, extent.baseOffset(), key));
        } else if (there.get().length() < extent.position() + extent.length()) {
          found.add("%s at %d: %s is too short".formatted(partition, extent.baseOffset(), key));
        }
      }
    }
  }

  private void lookForDead(ControlPlaneState state, List<String> found) {
    List<Long> unneeded = state.logs().files().empty(COMPLAINTS_MAX);
    if (!unneeded.isEmpty()) {
      found.add("files %s are without extents, and not to be deleted".formatted(unneeded));
    }
    for (String name : files.keys(FileLayout.PREFIX)) {
      long fileId = FileLayout.fileId(new ObjectKey(name)).orElseThrow();
      if (state.logs().files().liveExtents(fileId) <= 0
          && !isLeased(state, fileId)
          && !files.returned().contains(name)) {
        found.add("nothing needs %s, and it is still there".formatted(name));
      }
    }
  }

  private static boolean isLeased(ControlPlaneState state, long fileId) {
    for (OutstandingLease lease : state.leases().outstanding()) {
      if (fileId >= lease.firstFileId() && fileId < lease.firstFileId() + lease.count()) {
        // One that was committed and condemned is dead all the same.
        return !state.collection().isQueued(fileId);
      }
    }
    return false;
  }
}
