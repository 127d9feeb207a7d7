package io.weft.simulation.broken;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.model.AbortedRange;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import java.util.List;
import java.util.function.UnaryOperator;

/// What an agent hears of partitions, from answers and from the stream, told otherwise.
///
/// @param bounds what becomes of a partition's bounds
/// @param span what becomes of an extent or marker
/// @param aborted what becomes of the aborted ranges of an answer
record Retold(
    UnaryOperator<PartitionBounds> bounds,
    UnaryOperator<Span> span,
    UnaryOperator<List<AbortedRange>> aborted) {
  ControlPlane of(ControlPlane real) {
    return Altered.of(real)
        .with(ExtentIndex.class, new Index(real.as(ExtentIndex.class)))
        .withFeed(feed(real.feed()));
  }

  private ExtentIndex.ExtentsFound retold(ExtentIndex.ExtentsFound answer) {
    return switch (answer) {
      case ExtentIndex.ExtentsFound.Found found ->
          new ExtentIndex.ExtentsFound.Found(
              bounds.apply(found.bounds()), retold(found.spans()), aborted.apply(found.aborted()));
      case ExtentIndex.ExtentsFound.OutOfRange out -> out;
      case ExtentIndex.ExtentsFound.UnknownPartition unknown -> unknown;
    };
  }

  private List<Span> retold(List<Span> spans) {
    return spans.stream().map(span).toList();
  }

  private CommitFeed.Event retold(CommitFeed.Event event) {
    return switch (event) {
      case CommitFeed.Event.Baseline told ->
          new CommitFeed.Event.Baseline(told.partition(), bounds.apply(told.bounds()));
      case CommitFeed.Event.Advanced told ->
          new CommitFeed.Event.Advanced(
              told.partition(), bounds.apply(told.bounds()), retold(told.appended()));
      case CommitFeed.Event.Replaced told ->
          new CommitFeed.Event.Replaced(
              told.partition(),
              told.extents().stream().map(each -> (Extent) span.apply(each)).toList());
      case CommitFeed.Event.Gone gone -> gone;
      case CommitFeed.Event.CatalogChanged changed -> changed;
    };
  }

  private CommitFeed feed(CommitFeed real) {
    return (AgentId agent, CommitFeed.Listener listener) ->
        real.open(
            agent,
            new CommitFeed.Listener() {
              @Override
              public void onEvents(List<CommitFeed.Event> events) {
                listener.onEvents(events.stream().map(each -> retold(each)).toList());
              }

              @Override
              public void onBroken(String reason) {
                listener.onBroken(reason);
              }
            });
  }

  private final class Index implements ExtentIndex {
    private final ExtentIndex real;

    Index(ExtentIndex real) {
      this.real = real;
    }

    @Override
    public List<ExtentsFound> find(List<ExtentQuery> queries) {
      return real.find(queries).stream().map(each -> retold(each)).toList();
    }

    @Override
    public List<ExtentsFound> findByTime(List<TimeQuery> queries) {
      return real.findByTime(queries).stream().map(each -> retold(each)).toList();
    }

    @Override
    public List<Long> sizes(List<PartitionId> partitions) {
      return real.sizes(partitions);
    }
  }
}
