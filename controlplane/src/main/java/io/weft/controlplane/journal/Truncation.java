package io.weft.controlplane.journal;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.environment.Environment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes the entries that are behind the kept snapshots and have been seen for long enough (see
/// [JournalWriter] for why that matters). Thread-safe.
///
/// Nothing is removed for the sake of a snapshot that nobody has read: those that are kept have
/// been fetched back and decoded here, each once, whichever process wrote them.
public final class Truncation {
  private static final Logger LOG = LoggerFactory.getLogger(Truncation.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Journal journal;
  private final Snapshots snapshots;
  private final Environment environment;
  private final long graceMs;
  private final Decoding decoding;
  private final Deque<Seen> seen = new ArrayDeque<>();

  /// Which snapshots could be decoded, and which could not.
  private final Map<Long, Boolean> judged = new HashMap<>();

  public Truncation(
      Journal journal,
      Snapshots snapshots,
      Decoding decoding,
      Environment environment,
      long graceMs) {
    this.journal = journal;
    this.snapshots = snapshots;
    this.decoding = decoding;
    this.environment = environment;
    this.graceMs = graceMs;
  }

  /// Finds out whether a state can be read from a snapshot.
  public interface Decoding {
    /// Decodes the whole state, to its last byte.
    ///
    /// @throws MalformedBytesException if that cannot be
    /// @throws JournalException as the reader of the state does
    void decode(WireReader state);
  }

  /// @param atMs monotonic time at which all entries up to `index` had been seen
  private record Seen(long index, long atMs) {}

  /// All entries up to this one are there, now.
  public void saw(long index) {
    lock.lock();
    try {
      seen.addLast(new Seen(index, environment.clock().monotonicMs()));
    } finally {
      lock.unlock();
    }
  }

  /// Fetches a snapshot back and decodes it.
  ///
  /// @return whether that could be done; false also if it is gone
  public boolean isSound(long index) {
    try {
      Optional<Snapshot> snapshot = snapshots.read(index);
      snapshot.ifPresent(there -> decoding.decode(there.state()));
      return judge(index, snapshot.isPresent());
    } catch (JournalException.Unusable | MalformedBytesException e) {
      LOG.error("The snapshot after entry {} cannot be read; it is not relied on", index, e);
      return judge(index, false);
    }
  }

  /// Removes old snapshots and what may go of the entries behind them.
  public void run() {
    List<Long> indexes = snapshots.indexes();
    List<Long> kept = indexes.stream().filter(this::isKnownSound).limit(Snapshots.KEPT).toList();
    forgetAllBut(indexes);
    if (kept.size() < Snapshots.KEPT) {
      return;
    }
    // Behind the older one: should the newer be damaged, the entries between them are needed.
    long older = kept.getLast();
    snapshots.removeBefore(older);
    OptionalLong old = oldEnough();
    if (old.isPresent()) {
      // And not the entry the older one ends with: a process that begins there checks that it is
      // the same.
      journal.truncateBefore(Math.min(old.getAsLong() + 1, older));
    }
  }

  private boolean isKnownSound(long index) {
    Boolean known;
    lock.lock();
    try {
      known = judged.get(index);
    } finally {
      lock.unlock();
    }
    return known == null ? isSound(index) : known;
  }

  private boolean judge(long index, boolean sound) {
    lock.lock();
    try {
      judged.put(index, sound);
    } finally {
      lock.unlock();
    }
    return sound;
  }

  private void forgetAllBut(List<Long> indexes) {
    lock.lock();
    try {
      judged.keySet().retainAll(indexes);
    } finally {
      lock.unlock();
    }
  }

  private OptionalLong oldEnough() {
    lock.lock();
    try {
      long nowMs = environment.clock().monotonicMs();
      OptionalLong old = OptionalLong.empty();
      while (!seen.isEmpty() && nowMs - seen.peekFirst().atMs() >= graceMs) {
        old = OptionalLong.of(seen.removeFirst().index());
      }
      return old;
    } finally {
      lock.unlock();
    }
  }
}
