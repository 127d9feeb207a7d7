package io.weft.controlplane.rpc;

import io.weft.controlplane.api.CommitFeed;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// A feed whose events the test makes up; each opened one waits in `opened`. Thread-safe.
final class FakeFeed implements CommitFeed {
  final BlockingQueue<Opened> opened = new LinkedBlockingQueue<>();
  final AtomicInteger opens = new AtomicInteger();
  private volatile String refusal = "";

  /// As one that does not lead: what is opened breaks at once.
  FakeFeed refusing(String reason) {
    refusal = reason;
    return this;
  }

  @Override
  public Subscription open(AgentId agent, Listener listener) {
    opens.incrementAndGet();
    Opened made = new Opened(agent, listener);
    if (!refusal.isEmpty()) {
      listener.onBroken(refusal);
      return made;
    }
    listener.onEvents(List.of(new Event.CatalogChanged(1)));
    opened.add(made);
    return made;
  }

  static final class Opened implements Subscription {
    final AgentId agent;
    final Listener listener;
    final BlockingQueue<List<PartitionId>> watched = new LinkedBlockingQueue<>();
    final BlockingQueue<List<PartitionId>> unwatched = new LinkedBlockingQueue<>();
    final Pending<Boolean> closed = new Pending<>();

    Opened(AgentId agent, Listener listener) {
      this.agent = agent;
      this.listener = listener;
    }

    @Override
    public void watch(Collection<PartitionId> partitions) {
      watched.add(new ArrayList<>(partitions));
    }

    @Override
    public void unwatch(Collection<PartitionId> partitions) {
      unwatched.add(new ArrayList<>(partitions));
    }

    @Override
    public void close() {
      closed.complete(true);
    }
  }

  /// Keeps what it is told; can be made to stand still. Thread-safe.
  static final class Recorder implements Listener {
    final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
    final BlockingQueue<String> broken = new LinkedBlockingQueue<>();
    private volatile Pending<Boolean> gate = Pending.completed(true);

    /// @return to be completed when the listener may go on
    Pending<Boolean> standStill() {
      gate = new Pending<>();
      return gate;
    }

    @Override
    public void onEvents(List<Event> more) {
      try {
        gate.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      events.addAll(more);
    }

    @Override
    public void onBroken(String reason) {
      broken.add(reason);
    }

    List<Event> take(int count) throws InterruptedException {
      List<Event> taken = new ArrayList<>();
      while (taken.size() < count) {
        taken.add(events.take());
      }
      return taken;
    }
  }

  /// Waits for something, as long as it takes or the surrounding test lasts.
  static boolean within(Pending<Boolean> pending) throws InterruptedException {
    return pending.awaitMs(Environment.system(), 30_000);
  }
}
