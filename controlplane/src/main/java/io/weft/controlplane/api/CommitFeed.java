package io.weft.controlplane.api;

import io.weft.controlplane.codec.shape.AtMost;
import io.weft.controlplane.codec.shape.Kind;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import java.util.Collection;
import java.util.List;

/// The stream of commits from the control plane to one agent, of the partitions it watches.
public interface CommitFeed {
  /// The most partitions one subscription may watch.
  int PARTITIONS_WATCHED_MAX = 100_000;

  /// Events in one message, at most.
  int EVENTS_PER_MESSAGE_MAX = 100_000;

  /// Extents and markers that one event may add, at most.
  int SPANS_PER_EVENT_MAX = 100_000;

  /// Opens a stream. Events come to `listener` one after the other, on a thread of the feed's.
  Subscription open(AgentId agent, Listener listener);

  interface Subscription extends AutoCloseable {
    /// Begins to watch. For each partition a [Event.Baseline] comes first (or [Event.Gone]), and
    /// after it every change, without a gap. Watching one that is watched already has no effect.
    void watch(Collection<PartitionId> partitions);

    void unwatch(Collection<PartitionId> partitions);

    @Override
    void close();
  }

  interface Listener {
    /// Must not block for long: the feed holds a bounded number of events and then breaks.
    void onEvents(List<Event> events);

    /// The stream has ended (agent too slow, connection lost, new leader). Nothing more comes: what
    /// was learned from it is still true but no longer kept up to date. Open another.
    void onBroken(String reason);
  }

  sealed interface Event {
    /// The state a partition has now; the changes that follow build on it.
    @Kind(1)
    record Baseline(PartitionId partition, PartitionBounds bounds) implements Event {}

    /// A partition moved on. The marker of an aborted transaction says where that transaction
    /// began, so that a reader that has read everything from an offset on also knows which of it
    /// was aborted.
    ///
    /// @param appended what was added at its end, in offset order; may be empty
    @Kind(2)
    record Advanced(
        PartitionId partition,
        PartitionBounds bounds,
        @AtMost(SPANS_PER_EVENT_MAX) List<Span> appended)
        implements Event {}

    /// The partition is not there (any more).
    @Kind(3)
    record Gone(PartitionId partition) implements Event {}

    /// Topics, their settings or the agents have changed, up to this version of the catalog.
    @Kind(4)
    record CatalogChanged(long version) implements Event {}

    /// Others have taken the place of some extents: the same offsets, from the first one's base
    /// offset to the last one's last, lie elsewhere now. Nothing else has changed. A stream to an
    /// agent that does not know it is broken off.
    ///
    /// @param extents in offset order, without a hole
    @Kind(value = 5, since = 2)
    record Replaced(PartitionId partition, @AtMost(SPANS_PER_EVENT_MAX) List<Extent> extents)
        implements Event {}
  }
}
