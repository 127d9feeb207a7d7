package io.weft.agent.files;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.FileLedger;
import io.weft.model.AgentId;
import io.weft.model.FileTier;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Leases file ids from 100 on. Thread-safe.
public final class ModelLedger implements FileLedger {
  /// Longer than any test can let pass while it waits.
  public static final long USABLE_MS = 1_000_000_000_000L;

  static final long FIRST_ID = 100;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<AgentId> unknown = new HashSet<>();
  private long next = FIRST_ID;
  private int calls;
  private int unanswered;

  public void forget(AgentId agent) {
    lock.lock();
    try {
      unknown.add(agent);
    } finally {
      lock.unlock();
    }
  }

  /// As after its journal was restored from an older copy.
  public void forgetLeases() {
    lock.lock();
    try {
      next = FIRST_ID;
    } finally {
      lock.unlock();
    }
  }

  public void leaveUnanswered(int callCount) {
    lock.lock();
    try {
      unanswered = callCount;
    } finally {
      lock.unlock();
    }
  }

  public int awaitCalls(int count) throws InterruptedException {
    lock.lock();
    try {
      while (calls < count) {
        changed.await();
      }
      return calls;
    } finally {
      lock.unlock();
    }
  }

  public int calls() {
    lock.lock();
    try {
      return calls;
    } finally {
      lock.unlock();
    }
  }

  /// Numbered through with those of [#lease].
  @Override
  public LeaseOutcome leaseLowLatency(AgentId agent, int count) {
    return switch (lease(agent, count)) {
      case LeaseOutcome.Leased(long first, int leased, long usableMs) ->
          new LeaseOutcome.Leased(FileTier.LOW_LATENCY.id(first), leased, usableMs);
      case LeaseOutcome.UnknownAgent unknown -> unknown;
    };
  }

  @Override
  public LeaseOutcome lease(AgentId agent, int count) {
    lock.lock();
    try {
      calls++;
      changed.signalAll();
      if (unanswered > 0) {
        unanswered--;
        throw new ControlPlaneException.Unavailable("told not to answer", null);
      }
      if (unknown.contains(agent)) {
        return new LeaseOutcome.UnknownAgent();
      }
      long first = next;
      next += count;
      return new LeaseOutcome.Leased(first, count, USABLE_MS);
    } finally {
      lock.unlock();
    }
  }
}
