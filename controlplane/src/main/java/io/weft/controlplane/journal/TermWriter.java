package io.weft.controlplane.journal;

import io.weft.environment.Environment;
import io.weft.model.Invariant;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One term's way to the journal, and its lease: the leader appends its turns here, and a thread of
/// its own appends heartbeats, so that the lease never waits for what the leader is busy with.
/// Thread-safe; [#append], [#resign] and [#alive] are the leader's.
///
/// A heartbeat changes nothing, so it may stand anywhere between two turns. It is written for a
/// leader that lives: one that has not come to its next turn for `workMsMax` hangs, and loses its
/// lease, and with it its place, to a standby. Its term is over, also if it comes back before
/// anybody has taken over.
///
/// Once an append has failed, or the leader has hung, nothing is appended any more.
public final class TermWriter {
  private static final Logger LOG = LoggerFactory.getLogger(TermWriter.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final JournalWriter writer;
  private final Lease lease;
  private final byte[] heartbeat;
  private final Environment environment;
  private volatile Optional<Thread> keeper = Optional.empty();
  private volatile JournalTip tip;

  /// When the last append began that succeeded.
  private volatile ClockReading renewed;

  private volatile Optional<ClockReading> appending = Optional.empty();
  private volatile Optional<JournalWriter.Outcome> lost = Optional.empty();
  private volatile boolean ended;
  private volatile long aliveMs;

  /// @param heartbeatMs how long after the last append the next one is due; 0: never
  /// @param readMs how long after the beginning of the last append nobody else can lead
  /// @param workMsMax how long the leader may be busy with one turn
  public record Lease(long heartbeatMs, long readMs, long workMsMax) {
    public Lease {
      Invariant.check(heartbeatMs >= 0 && readMs > heartbeatMs, "heartbeats every %d", heartbeatMs);
      Invariant.check(workMsMax > 0, "workMsMax %d", workMsMax);
    }
  }

  /// @param writer has just begun an epoch, and is this one's from here on
  /// @param heartbeat the body of an entry that changes nothing
  public TermWriter(JournalWriter writer, Lease lease, byte[] heartbeat, Environment environment) {
    this.writer = writer;
    this.lease = lease;
    this.heartbeat = heartbeat;
    this.environment = environment;
    this.tip = writer.tip();
    long nowMs = environment.clock().monotonicMs();
    long sinceMs = writer.sinceLastAppendMs();
    this.renewed = new ClockReading(nowMs - sinceMs, environment.clock().wallMs() - sinceMs);
    this.aliveMs = nowMs;
  }

  /// Begins to keep the lease. On a thread apart: what the leader is busy with may leave virtual
  /// threads no processor for longer than a lease.
  public void start(String name) {
    if (lease.heartbeatMs() > 0) {
      keeper = Optional.of(environment.tasks().startApart(name, this::keep));
    }
  }

  /// Appends the next entry of the term. Anything but `Written`: the term is over.
  public JournalWriter.Outcome append(long timeMs, byte[] body) {
    try {
      lock.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new JournalWriter.Outcome.Lost("interrupted");
    }
    try {
      return appendLocked(timeMs, body);
    } finally {
      lock.unlock();
    }
  }

  /// Appends the term's last entry.
  public JournalWriter.Outcome resign(long timeMs, byte[] body) {
    ended = true;
    return append(timeMs, body);
  }

  /// The leader has come to its next turn.
  public void alive() {
    aliveMs = environment.clock().monotonicMs();
  }

  /// The term is over: no heartbeat begins any more. One that hangs in the store is not waited for.
  public void end() {
    ended = true;
    keeper.ifPresent(Thread::interrupt);
  }

  /// The last entry known to be in the journal; heartbeats may follow it already.
  public JournalTip tip() {
    return tip;
  }

  /// What became of the append that failed, or would have if the leader had not hung.
  public Optional<JournalWriter.Outcome> lost() {
    return lost;
  }

  /// Whether surely nobody else has written since the last append that succeeded.
  public boolean holdsLease() {
    return lost.isEmpty() && renewed.elapsedMs(environment.clock()) < lease.readMs();
  }

  /// How long what this leader has told is surely the newest there is, if no append renews it. For
  /// one that sends no heartbeats: as long as no append takes that long; others may lead then.
  public long leaseLeftMs() {
    if (lost.isPresent()) {
      return 0;
    }
    if (lease.heartbeatMs() > 0) {
      return lease.readMs() - renewed.elapsedMs(environment.clock());
    }
    return lease.readMs() - appending.map(since -> since.elapsedMs(environment.clock())).orElse(0L);
  }

  private JournalWriter.Outcome appendLocked(long timeMs, byte[] body) {
    if (lost.isPresent()) {
      return lost.get();
    }
    ClockReading begun = ClockReading.now(environment.clock());
    appending = Optional.of(begun);
    JournalWriter.Outcome outcome = writer.append(timeMs, body);
    if (outcome instanceof JournalWriter.Outcome.Written) {
      tip = writer.tip();
      renewed = begun;
    } else {
      lost = Optional.of(outcome);
    }
    appending = Optional.empty();
    return outcome;
  }

  private void keep() {
    lock.lock();
    try {
      while (!ended && lost.isEmpty()) {
        long nowMs = environment.clock().monotonicMs();
        long leftMs = lease.heartbeatMs() - renewed.elapsedMs(environment.clock());
        if (leftMs > 0) {
          environment.tasks().awaitMs(lock, changed, leftMs);
        } else if (nowMs - aliveMs > lease.workMsMax()) {
          String why = "busy with one turn for %d ms".formatted(nowMs - aliveMs);
          LOG.error("The leader has been {}: its lease is no longer kept", why);
          // If it comes back, it must not lead on: without heartbeats, and perhaps beside another.
          lost = Optional.of(new JournalWriter.Outcome.Lost(why));
        } else {
          appendLocked(0, heartbeat);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
