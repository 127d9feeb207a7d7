package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.CommitFeed.Event;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.simulated.SimulatedWorld;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What a turn's changes become for those that watch.
final class FeedDeskTest {
  private static final PartitionId WATCHED = new PartitionId(new TopicId(1, 1), 0);
  private static final PartitionId OTHER = new PartitionId(new TopicId(1, 1), 1);
  private static final Extent APPENDED = new Extent(1, 8, 10, 0, 0, 5, -1);
  private static final Extent MOVED = new Extent(2, 8, 10, 0, 0, 5, -1);

  /// In the order of the changes, so that nobody hears of extents before those they replace.
  @Test
  void replacedExtentsAreToldInTheirPlaceAmongTheChanges() {
    SimulatedWorld.run(
        1,
        world -> {
          FeedDesk desk = new FeedDesk();
          Heard heard = new Heard();
          FeedSubscription subscription =
              new FeedSubscription(
                  heard,
                  new WorkQueue(world.environment(), 10, 1_000, () -> 60_000),
                  100,
                  world.environment());
          subscription.start("feed");
          desk.open(subscription);
          PartitionBounds empty = new PartitionBounds(0, 0, 0);
          PartitionBounds one = new PartitionBounds(0, 1, 1);
          desk.watch(subscription, WATCHED, Optional.of(empty));
          desk.advanced(WATCHED, one, List.of(APPENDED));
          desk.replaced(OTHER, List.of(MOVED));
          desk.replaced(WATCHED, List.of(MOVED));
          world.sleepMs(10);
          assertThat(heard.events).isEmpty();
          desk.publish();
          world.sleepMs(10);

          assertThat(heard.events)
              .containsExactly(
                  new Event.CatalogChanged(0),
                  new Event.Baseline(WATCHED, empty),
                  new Event.Advanced(WATCHED, one, List.of(APPENDED)),
                  new Event.Replaced(WATCHED, List.of(MOVED)));
          subscription.close();
        });
  }
}
