package io.weft.controlplane.leader;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.CommitFeed.Event;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.environment.Environment;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One agent's stream of events: a bounded queue, and a thread that hands it to the listener.
/// Thread-safe.
///
/// It ends once: the subscriber closes it (silently), or the leader breaks it off, whichever comes
/// first. It lives no longer than its leader's lease: where that can't be renewed, another one may
/// lead, and silence no longer means that nothing has changed.
final class FeedSubscription implements CommitFeed.Subscription {
  private static final Logger LOG = LoggerFactory.getLogger(FeedSubscription.class);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final CommitFeed.Listener listener;
  private final WorkQueue queue;
  private final int eventsMax;
  private final Environment environment;
  private List<Event> waiting = new ArrayList<>();
  private boolean closed;
  private boolean broken;
  private String why = "";

  FeedSubscription(
      CommitFeed.Listener listener, WorkQueue queue, int eventsMax, Environment environment) {
    this.listener = listener;
    this.queue = queue;
    this.eventsMax = eventsMax;
    this.environment = environment;
  }

  void start(String name) {
    put(new Work.Opened(this));
    environment.tasks().start(name, this::deliverAll);
  }

  @Override
  public void watch(Collection<PartitionId> partitions) {
    if (partitions.size() > CommitFeed.PARTITIONS_WATCHED_MAX) {
      throw new ControlPlaneException.Rejected(
          "%d partitions to watch at once".formatted(partitions.size()));
    }
    put(new Work.Watched(this, List.copyOf(partitions)));
  }

  @Override
  public void unwatch(Collection<PartitionId> partitions) {
    put(new Work.Unwatched(this, List.copyOf(partitions)));
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      waiting.clear();
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Queues events for the listener, or breaks off if it is too far behind.
  void deliver(List<Event> events) {
    lock.lock();
    try {
      if (closed || broken) {
        return;
      }
      if (waiting.size() + events.size() > eventsMax) {
        endLocked("too slow: more than %d events wait".formatted(eventsMax));
        return;
      }
      waiting.addAll(events);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  void breakOff(String reason) {
    lock.lock();
    try {
      endLocked(reason);
    } finally {
      lock.unlock();
    }
  }

  boolean hasEnded() {
    lock.lock();
    try {
      return closed || broken;
    } finally {
      lock.unlock();
    }
  }

  private void endLocked(String reason) {
    if (!closed && !broken) {
      broken = true;
      why = reason;
      waiting.clear();
      changed.signal();
    }
  }

  private void put(Work work) {
    try {
      queue.put(work);
    } catch (ControlPlaneException.Unavailable e) {
      breakOff(e.getMessage());
    }
  }

  private void deliverAll() {
    try {
      for (List<Event> events = next(); !events.isEmpty(); events = next()) {
        listener.onEvents(events);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      breakOff("interrupted");
    } catch (RuntimeException | Error e) {
      LOG.error("A listener of the commit feed failed; its stream ends", e);
      breakOff("the listener failed");
    }
    if (isBroken()) {
      listener.onBroken(why);
    }
  }

  /// @return nothing once the stream has ended
  private List<Event> next() throws InterruptedException {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed && !broken) {
        long leftMs = queue.leaseLeftMs();
        if (leftMs <= 0) {
          endLocked("the leader's lease has run out; another one may lead");
        } else {
          environment.tasks().awaitMs(lock, changed, leftMs);
        }
      }
      List<Event> events = waiting;
      waiting = new ArrayList<>();
      return events;
    } finally {
      lock.unlock();
    }
  }

  private boolean isBroken() {
    lock.lock();
    try {
      return broken && !closed;
    } finally {
      lock.unlock();
    }
  }
}
