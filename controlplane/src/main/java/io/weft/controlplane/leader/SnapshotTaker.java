package io.weft.controlplane.leader;

import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.journal.JournalException;
import io.weft.controlplane.journal.JournalTip;
import io.weft.controlplane.journal.Snapshot;
import io.weft.controlplane.journal.Snapshots;
import io.weft.controlplane.journal.Truncation;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.environment.Environment;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes a snapshot every so many entries and removes what lies behind it. The state is encoded on
/// the leader thread, between turns; the upload has a thread of its own, at most one at a time. One
/// that fails is tried again later and never stops the leader.
final class SnapshotTaker {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotTaker.class);
  private static final long RETRY_AFTER_MS = 30_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final Snapshots snapshots;
  private final Truncation truncation;
  private final LeaderSettings.Limits limits;
  private final Environment environment;
  private boolean busy;
  private long coveredIndex;
  private long coveredBytes;
  private long bytes;
  private long notBeforeMs = Long.MIN_VALUE;

  SnapshotTaker(
      Snapshots snapshots,
      Truncation truncation,
      LeaderSettings.Limits limits,
      Environment environment) {
    this.snapshots = snapshots;
    this.truncation = truncation;
    this.limits = limits;
    this.environment = environment;
  }

  /// A leader begins, with this journal behind its newest snapshot.
  void begin(long snapshotIndex, long bytesSince, JournalTip tip) {
    truncation.saw(tip.index());
    lock.lock();
    try {
      coveredIndex = snapshotIndex;
      coveredBytes = 0;
      bytes = bytesSince;
    } finally {
      lock.unlock();
    }
  }

  void wrote(int entryBytes) {
    lock.lock();
    try {
      bytes += entryBytes;
    } finally {
      lock.unlock();
    }
  }

  /// Takes one if it is time. `state` is exactly what the journal gives up to `tip`.
  void consider(ControlPlaneState state, JournalTip tip) {
    long bytesBefore;
    lock.lock();
    try {
      boolean due =
          tip.index() - coveredIndex >= limits.snapshotEveryEntries()
              || bytes - coveredBytes >= limits.snapshotEveryBytes();
      if (!due || busy || environment.clock().monotonicMs() < notBeforeMs) {
        return;
      }
      busy = true;
      bytesBefore = bytes;
    } finally {
      lock.unlock();
    }
    WireWriter out = new WireWriter();
    state.writeSnapshot(out);
    Snapshot snapshot = new Snapshot(tip, out.toByteArray());
    truncation.saw(tip.index());
    environment
        .tasks()
        .start("snapshot-" + tip.index(), () -> finish(upload(snapshot), tip.index(), bytesBefore));
  }

  private boolean upload(Snapshot snapshot) {
    try {
      snapshots.write(snapshot);
    } catch (JournalException e) {
      LOG.warn("No snapshot after entry {}, another attempt follows", snapshot.tip().index(), e);
      return false;
    }
    try {
      truncation.run();
    } catch (JournalException e) {
      LOG.warn("The journal was not truncated, another attempt follows", e);
    }
    return true;
  }

  private void finish(boolean taken, long index, long bytesBefore) {
    lock.lock();
    try {
      busy = false;
      if (taken) {
        coveredIndex = Math.max(coveredIndex, index);
        coveredBytes = bytesBefore;
      } else {
        notBeforeMs = environment.clock().monotonicMs() + RETRY_AFTER_MS;
      }
    } finally {
      lock.unlock();
    }
  }
}
