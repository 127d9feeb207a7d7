package io.weft.controlplane.leader;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.CommitFeed.Event;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The subscribers of one term and what each watches; collects each turn's events, in their order,
/// per subscriber. Owned by the leader thread.
///
/// Watching is itself a step of a turn: the baseline is the state between two commands, and what
/// comes after it in the same turn follows it in the same list. Nothing is handed on before
/// [#publish], that is before the turn is durable.
final class FeedDesk implements ChangeListener {
  private final Map<FeedSubscription, Watcher> subscribers = new LinkedHashMap<>();
  private final Map<PartitionId, Set<Watcher>> watchers = new HashMap<>();
  private final List<Watcher> dirty = new ArrayList<>();
  private long catalogVersion;

  /// @param version of the catalog, now
  void begin(long version) {
    catalogVersion = version;
  }

  private static final class Watcher {
    private final FeedSubscription subscription;
    private final Set<PartitionId> watched = new HashSet<>();
    private List<Event> staged = new ArrayList<>();

    Watcher(FeedSubscription subscription) {
      this.subscription = subscription;
    }
  }

  /// A new subscriber; it is told the catalog's version, so that it misses no change of it.
  void open(FeedSubscription subscription) {
    Watcher watcher = new Watcher(subscription);
    subscribers.put(subscription, watcher);
    stage(watcher, new Event.CatalogChanged(catalogVersion));
  }

  void watch(FeedSubscription subscription, PartitionId partition, Optional<PartitionBounds> now) {
    Watcher watcher = subscribers.get(subscription);
    if (watcher == null || watcher.watched.contains(partition)) {
      return;
    }
    if (now.isEmpty()) {
      stage(watcher, new Event.Gone(partition));
      return;
    }
    if (watcher.watched.size() >= CommitFeed.PARTITIONS_WATCHED_MAX) {
      subscription.breakOff(
          "more than %d partitions watched".formatted(CommitFeed.PARTITIONS_WATCHED_MAX));
      forget(watcher);
      return;
    }
    watcher.watched.add(partition);
    watchers.computeIfAbsent(partition, _ -> new LinkedHashSet<>()).add(watcher);
    stage(watcher, new Event.Baseline(partition, now.get()));
  }

  void unwatch(FeedSubscription subscription, Collection<PartitionId> partitions) {
    Watcher watcher = subscribers.get(subscription);
    if (watcher == null) {
      return;
    }
    for (PartitionId partition : partitions) {
      if (watcher.watched.remove(partition)) {
        removeFrom(partition, watcher);
      }
    }
  }

  @Override
  public void advanced(PartitionId partition, PartitionBounds bounds, List<Span> appended) {
    Set<Watcher> concerned = watchers.get(partition);
    if (concerned != null) {
      Event event = new Event.Advanced(partition, bounds, appended);
      concerned.forEach(watcher -> stage(watcher, event));
    }
  }

  @Override
  public void replaced(PartitionId partition, List<Extent> extents) {
    Set<Watcher> concerned = watchers.get(partition);
    if (concerned != null) {
      Event event = new Event.Replaced(partition, extents);
      concerned.forEach(watcher -> stage(watcher, event));
    }
  }

  @Override
  public void gone(PartitionId partition) {
    Set<Watcher> concerned = watchers.remove(partition);
    if (concerned != null) {
      Event event = new Event.Gone(partition);
      for (Watcher watcher : concerned) {
        watcher.watched.remove(partition);
        stage(watcher, event);
      }
    }
  }

  @Override
  public void catalogChanged(long version) {
    catalogVersion = version;
    Event event = new Event.CatalogChanged(version);
    subscribers.values().forEach(watcher -> stage(watcher, event));
  }

  boolean hasEvents() {
    return !dirty.isEmpty();
  }

  /// Hands on what was collected: it is durable.
  void publish() {
    for (Watcher watcher : dirty) {
      watcher.subscription.deliver(watcher.staged);
      watcher.staged = new ArrayList<>();
    }
    dirty.clear();
  }

  /// Forgets subscribers that have closed or fallen too far behind.
  void sweep() {
    List<Watcher> ended =
        subscribers.values().stream().filter(each -> each.subscription.hasEnded()).toList();
    ended.forEach(this::forget);
  }

  /// The term ends: what was collected is dropped.
  void breakAll(String why) {
    subscribers.keySet().forEach(subscription -> subscription.breakOff(why));
    subscribers.clear();
    watchers.clear();
    dirty.clear();
  }

  private void stage(Watcher watcher, Event event) {
    if (watcher.staged.isEmpty()) {
      dirty.add(watcher);
    }
    watcher.staged.add(event);
  }

  private void forget(Watcher watcher) {
    subscribers.remove(watcher.subscription);
    watcher.watched.forEach(partition -> removeFrom(partition, watcher));
    watcher.watched.clear();
  }

  private void removeFrom(PartitionId partition, Watcher watcher) {
    Set<Watcher> concerned = watchers.get(partition);
    concerned.remove(watcher);
    if (concerned.isEmpty()) {
      watchers.remove(partition);
    }
  }
}
