package io.weft.agent.catalog;

import io.weft.controlplane.api.CatalogCopy;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.Membership.Profile;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.Page;
import io.weft.controlplane.api.TopicCatalog.Position;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// The newest catalog this agent has seen, and the way to a newer one. Thread-safe.
///
/// All threads that wait for a catalog share the next read: however many ask a slow control plane,
/// none waits for more than two reads.
public final class LiveCatalog {
  private final TopicCatalog topics;

  /// Guarded by `reading`.
  private final CatalogCopy copy = new CatalogCopy();

  /// Held by the thread that reads.
  private final ReentrantLock reading = new ReentrantLock();

  /// Reads begun so far.
  private final AtomicLong readsBegun = new AtomicLong();

  /// Guarded by `reading`.
  private LastRead lastRead = new LastRead(0, Optional.empty());

  private volatile CatalogSnapshot current;
  private final AtomicLong announcedVersion = new AtomicLong();

  /// @param number of the read, by its beginning
  /// @param failure why it has brought nothing
  private record LastRead(long number, Optional<ControlPlaneException> failure) {}

  /// Reads the catalog once, so that there is always one. Of another cluster than that one's it
  /// takes nothing later: what this agent commits is then to partitions of its own cluster alone.
  ///
  /// @param own what this agent is for
  /// @param self this agent, with all its listeners; empty while it is not registered
  public LiveCatalog(TopicCatalog topics, Profile own, Supplier<Optional<Agent>> self) {
    this.topics = topics;
    copy.follow(topics::page);
    this.current = CatalogSnapshot.of(copy.catalog(), own, self);
  }

  /// That of an agent whose clients all reach it at one address.
  public LiveCatalog(TopicCatalog topics, Profile own) {
    this(topics, own, Optional::empty);
  }

  /// That of an agent that does everything.
  public LiveCatalog(TopicCatalog topics) {
    this(topics, Profile.STANDARD);
  }

  /// The newest known; asks the control plane only if it has announced a newer one.
  public CatalogSnapshot current() {
    return current.version() < announcedVersion.get() ? fresh() : current;
  }

  /// The newest known, without asking anybody: for callers that would rather answer from an old
  /// copy than not at all.
  public CatalogSnapshot known() {
    return current;
  }

  /// One that is not older than this call.
  ///
  /// @throws ControlPlaneException if the control plane cannot be asked
  public CatalogSnapshot fresh() {
    long begunBefore = readsBegun.get();
    reading.lock();
    try {
      if (lastRead.number() <= begunBefore) {
        lastRead = read();
      }
      if (lastRead.failure().isPresent()) {
        throw lastRead.failure().get();
      }
      return current;
    } finally {
      reading.unlock();
    }
  }

  private LastRead read() {
    long number = readsBegun.incrementAndGet();
    try {
      if (copy.follow(this::page) || copy.version() != current.version()) {
        current = current.followedBy(copy.catalog());
      }
      return new LastRead(number, Optional.empty());
    } catch (ControlPlaneException failure) {
      return new LastRead(number, Optional.of(failure));
    }
  }

  private Page page(Position known) {
    Page page = topics.page(known);
    if (!page.clusterId().equals(current.clusterId())) {
      throw new ControlPlaneException.Unavailable(
          "the catalog is that of cluster %s, and was that of cluster %s"
              .formatted(page.clusterId(), current.clusterId()),
          null);
    }
    return page;
  }

  /// The control plane says its catalog is at this version or beyond. Never blocks: the commit
  /// feed's thread calls this, also while somebody waits for a catalog.
  public void announce(long version) {
    announcedVersion.accumulateAndGet(version, Math::max);
  }
}
