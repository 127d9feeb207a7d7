package io.weft.controlplane.leader;

import io.weft.controlplane.codec.OversizeException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.journal.JournalException;
import io.weft.controlplane.journal.JournalTip;
import io.weft.controlplane.journal.SnapshotPacing;
import io.weft.controlplane.journal.Snapshots;
import io.weft.controlplane.journal.Truncation;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.StateSnapshot;
import io.weft.environment.Environment;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes snapshots, in step with the growth of the journal, and removes what lies behind them. The
/// state is encoded on the leader thread, between turns; all else, the upload, reading back and
/// decoding what was stored, truncation, has a thread of its own, at most one at a time. One that
/// fails is tried again later and never stops the leader.
final class SnapshotTaker {
  private static final Logger LOG = LoggerFactory.getLogger(SnapshotTaker.class);
  private static final long RETRY_AFTER_MS = 30_000;

  /// After a state that is too large for a snapshot: encoding it holds up the leader.
  private static final long RETRY_OVERSIZE_AFTER_MS = 3_600_000;

  /// What an entry takes that only says that its leader lives, and a little more.
  private static final int HEARTBEAT_BYTES = 64;

  private final ReentrantLock lock = new ReentrantLock();
  private final Snapshots snapshots;
  private final Truncation truncation;
  private final SnapshotPacing.Every every;
  private final Environment environment;
  private SnapshotPacing pacing = new SnapshotPacing(0);

  /// The last entry that is in the pacing, or stands before all it counts.
  private long pacedIndex;

  private boolean busy;
  private long notBeforeMs = Long.MIN_VALUE;

  SnapshotTaker(
      Snapshots snapshots,
      Truncation truncation,
      LeaderSettings.Limits limits,
      Environment environment) {
    this.snapshots = snapshots;
    this.truncation = truncation;
    this.every =
        new SnapshotPacing.Every(limits.snapshotEveryEntries(), limits.snapshotEveryBytes());
    this.environment = environment;
  }

  /// Decodes a state only to see that this is possible.
  static void decode(WireReader state) {
    StateSnapshot.read(state);
    state.finish();
  }

  /// A leader begins.
  ///
  /// @param sinceSnapshot what the journal has behind the newest snapshot; from here on this one's
  void begin(SnapshotPacing sinceSnapshot, JournalTip tip) {
    truncation.saw(tip.index());
    lock.lock();
    try {
      pacing = sinceSnapshot;
      pacedIndex = tip.index();
    } finally {
      lock.unlock();
    }
  }

  /// The leader has appended a turn. What others append in its name, heartbeats, is seen by
  /// [#consider].
  void wrote(int entryBytes) {
    lock.lock();
    try {
      pacing.wrote(entryBytes);
      pacedIndex++;
    } finally {
      lock.unlock();
    }
  }

  /// Takes one if it is time. `state` is exactly what the journal gives up to `tip`.
  void consider(ControlPlaneState state, JournalTip tip) {
    SnapshotPacing term;
    SnapshotPacing.Mark mark;
    lock.lock();
    try {
      for (; pacedIndex < tip.index(); pacedIndex++) {
        pacing.wrote(HEARTBEAT_BYTES);
      }
      if (busy || !pacing.isDue(every) || environment.clock().monotonicMs() < notBeforeMs) {
        return;
      }
      busy = true;
      term = pacing;
      mark = pacing.mark();
    } finally {
      lock.unlock();
    }
    truncation.saw(tip.index());
    try {
      WireWriter out = Snapshots.writer();
      StateSnapshot.write(state, out);
      environment
          .tasks()
          .start("snapshot-" + tip.index(), () -> finish(take(tip, out), term, mark, out.length()));
    } catch (OversizeException e) {
      tooLarge(tip, e);
    } catch (RuntimeException | Error e) {
      // A bug, or no memory, or no thread. Nothing has changed the state.
      LOG.error("No snapshot after entry {}, another attempt follows", tip.index(), e);
      retryAfter(RETRY_AFTER_MS);
    }
  }

  private boolean take(JournalTip tip, WireWriter state) {
    try {
      snapshots.write(tip, state);
      if (!truncation.isSound(tip.index())) {
        LOG.error("The new snapshot after entry {} is of no use and is removed", tip.index());
        snapshots.remove(tip.index());
        return false;
      }
    } catch (JournalException e) {
      LOG.warn("No snapshot after entry {}, another attempt follows", tip.index(), e);
      return false;
    } catch (OversizeException e) {
      tooLarge(tip, e);
      return false;
    }
    try {
      truncation.run();
    } catch (JournalException e) {
      LOG.warn("The journal was not truncated, another attempt follows", e);
    }
    return true;
  }

  private void tooLarge(JournalTip tip, OversizeException why) {
    LOG.error(
        "The state after entry {} is too large for a snapshot ({}): the journal is kept whole and"
            + " grows",
        tip.index(),
        why.getMessage());
    retryAfter(RETRY_OVERSIZE_AFTER_MS);
  }

  private void retryAfter(long pauseMs) {
    lock.lock();
    try {
      busy = false;
      notBeforeMs = Math.max(notBeforeMs, environment.clock().monotonicMs() + pauseMs);
    } finally {
      lock.unlock();
    }
  }

  private void finish(boolean taken, SnapshotPacing term, SnapshotPacing.Mark mark, long bytes) {
    if (!taken) {
      retryAfter(RETRY_AFTER_MS);
      return;
    }
    lock.lock();
    try {
      busy = false;
      // If the term has ended meanwhile, nobody uses it.
      term.taken(mark, bytes);
    } finally {
      lock.unlock();
    }
  }
}
