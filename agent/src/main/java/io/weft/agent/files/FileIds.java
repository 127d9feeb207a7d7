package io.weft.agent.files;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.FileLedger.LeaseOutcome;
import io.weft.environment.Backoff;
import io.weft.environment.Environment;
import io.weft.model.AgentId;
import io.weft.model.FileTier;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// File ids leased from the control plane ahead of need; they rise. Thread-safe; a lease is asked
/// for on a thread of its own, one at a time.
///
/// Ids are not used once their time, counted from the call that leased them, is over, or once the
/// agent is registered under another id.
public final class FileIds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileIds.class);

  /// A new lease is asked for when less than this part of one is left, in ids or in time.
  private static final int RESERVE_DIVISOR = 4;

  private final Environment environment;
  private final FileLedger ledger;
  private final FileTier tier;
  private final Supplier<AgentId> agents;
  private final int idsPerLease;
  private final Backoff backoff;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Lease> leases = new ArrayDeque<>();
  private long highest = -1;
  private boolean asking;
  private boolean closed;

  /// What was said when an id came twice; empty as long as none has.
  private String repeated = "";

  /// Of files that are in the store of all.
  ///
  /// @param agents under which id this agent is registered now; waits until it is
  public FileIds(
      Environment environment, FileLedger ledger, Supplier<AgentId> agents, FileSettings settings) {
    this(environment, ledger, FileTier.HIGH_LATENCY, agents, settings);
  }

  /// @param tier of the files
  /// @param agents under which id this agent is registered now; waits until it is
  public FileIds(
      Environment environment,
      FileLedger ledger,
      FileTier tier,
      Supplier<AgentId> agents,
      FileSettings settings) {
    this.environment = environment;
    this.ledger = ledger;
    this.tier = tier;
    this.agents = agents;
    this.idsPerLease = settings.idsPerLease();
    this.backoff = new Backoff(environment, settings.backoffMsMin(), settings.backoffMsMax());
  }

  /// An id, and the agent it was leased to: it can be committed under no other.
  public record LeasedId(long id, AgentId agent) {}

  /// The control plane has leased ids to this agent that it had leased to it before.
  public static final class IdsRepeatedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private IdsRepeatedException(String message) {
      super(message);
    }
  }

  /// The next id; waits for the control plane only if no usable one is left.
  ///
  /// @return empty once closed
  /// @throws IdsRepeatedException from the first lease on that repeats ids: those that are left are
  ///   not to be relied on either
  public Optional<LeasedId> next() throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        if (!repeated.isEmpty()) {
          throw new IdsRepeatedException(repeated);
        }
        replenish();
        Lease first = leases.peekFirst();
        if (first != null) {
          return Optional.of(new LeasedId(first.next++, first.agent));
        }
        changed.await();
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /// Sees to it that there are ids soon. Does not wait, not even for the agent's registration.
  public void prepare() {
    lock.lock();
    try {
      if (!closed && repeated.isEmpty()) {
        replenish();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Leases no more; a caller that waits for an id gets none.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void replenish() {
    long nowMs = environment.clock().monotonicMs();
    // Only an agent that is registered has leases: asking for its id waits for nothing.
    if (!leases.isEmpty()) {
      AgentId agent = agents.get();
      leases.removeIf(lease -> !lease.isUsable(agent, nowMs));
    }
    long lasting = 0;
    for (Lease lease : leases) {
      lasting += lease.isLasting(nowMs) ? lease.end - lease.next : 0;
    }
    if (lasting <= idsPerLease / RESERVE_DIVISOR && !asking) {
      asking = true;
      environment.tasks().start("file-ids", this::lease);
    }
  }

  private void lease() {
    try {
      for (int attempt = 0; !isClosed(); attempt++) {
        if (leaseOnce()) {
          return;
        }
        backoff.pause(attempt);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.lock();
      try {
        asking = false;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private boolean leaseOnce() {
    try {
      AgentId agent = agents.get();
      long calledMs = environment.clock().monotonicMs();
      LeaseOutcome outcome =
          switch (tier) {
            case LOW_LATENCY -> leaseLowLatency(agent);
            case HIGH_LATENCY -> ledger.lease(agent, idsPerLease);
          };
      return switch (outcome) {
        case LeaseOutcome.Leased leased -> add(new Lease(agent, leased, calledMs));
        // The registration is being renewed elsewhere; the next attempt asks under the new id.
        case LeaseOutcome.UnknownAgent() -> false;
      };
    } catch (ControlPlaneException e) {
      LOG.warn("no file ids leased, asking again: {}", e.getMessage());
      return false;
    }
  }

  /// A control plane of the release before knows nothing of tiers: what is fresh goes where all
  /// goes until it is brought to this one. Once there were ids of the low-latency store it is
  /// another reason, and plain ids, which are below them, would not rise.
  private LeaseOutcome leaseLowLatency(AgentId agent) {
    try {
      return ledger.leaseLowLatency(agent, idsPerLease);
    } catch (ControlPlaneException.Rejected unknown) {
      if (hadLowLatency()) {
        throw unknown;
      }
      LOG.debug("no ids of the low-latency store: {}", unknown.getMessage());
      return ledger.lease(agent, idsPerLease);
    }
  }

  private boolean hadLowLatency() {
    lock.lock();
    try {
      return highest >= FileTier.firstOfLowLatency();
    } finally {
      lock.unlock();
    }
  }

  /// @return false if it came too late to be of use
  private boolean add(Lease lease) {
    lock.lock();
    try {
      if (lease.next <= highest) {
        repeated =
            ("the control plane has leased the ids from %d on, and had given this agent ids up to"
                    + " %d before: its journal has probably lost its end, or was restored from an"
                    + " older copy. Nothing was written under these ids. docs/recovery.md says what"
                    + " to do")
                .formatted(lease.next, highest);
        return true;
      }
      highest = lease.end - 1;
      leases.addLast(lease);
      return lease.isUsable(lease.agent, environment.clock().monotonicMs());
    } finally {
      lock.unlock();
    }
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /// Some ids that follow each other. Guarded by the lock, except while it is made.
  private static final class Lease {
    private final AgentId agent;
    private final long end;
    private final long usableMs;
    private final long usableUntilMs;
    private long next;

    Lease(AgentId agent, LeaseOutcome.Leased leased, long calledMs) {
      this.agent = agent;
      this.next = leased.first();
      this.end = leased.first() + leased.count();
      this.usableMs = leased.usableMs();
      this.usableUntilMs = calledMs + leased.usableMs();
    }

    boolean isUsable(AgentId now, long nowMs) {
      return next < end && agent.equals(now) && nowMs < usableUntilMs;
    }

    boolean isLasting(long nowMs) {
      return usableUntilMs - nowMs > usableMs / RESERVE_DIVISOR;
    }
  }
}
