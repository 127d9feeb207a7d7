package io.weft.agent.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.weft.agent.cache.ReadPurpose;
import io.weft.agent.fetch.FetchOrder.Want;
import io.weft.agent.fetch.Located.Place;
import io.weft.agent.fetch.ReadPlan.Piece;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.topic.TopicSetting;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.storage.file.FilePlace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadPlanTest {
  private static final PartitionBounds BOUNDS = new PartitionBounds(0, 100, 50);

  /// Ten records in 1,000 bytes, each extent in a file of its own, from `base` on.
  private static Extent extent(long fileId, long base) {
    return new Extent(fileId, 8, 1_000, base, base + 9, -1, -1);
  }

  private static Located here(long offset, Extent... extents) {
    Place start = extents.length == 0 ? Place.NONE : Place.beginningOf(extents[0]);
    assertThat(extents.length == 0 || extents[0].lastOffset() >= offset).isTrue();
    return new Located.Here(BOUNDS, List.of(extents), List.of(), start);
  }

  private static FetchOrder order(int bytesMax, Isolation isolation, long... offsetAndMax) {
    List<Want> wants = new ArrayList<>();
    for (int i = 0; i < offsetAndMax.length; i += 2) {
      wants.add(
          new Want(
              new PartitionId(new TopicId(0, 1), i / 2),
              offsetAndMax[i],
              (int) offsetAndMax[i + 1]));
    }
    return new FetchOrder(wants, bytesMax, 1, 0, isolation);
  }

  private static ReadPlan plan(FetchOrder order, int filesMax, Located... located) {
    return ReadPlan.of(List.of(located), order, filesMax);
  }

  @Test
  void whatThePartitionsLimitLetsInIsLoaded() {
    ReadPlan plan =
        plan(
            order(10_000, Isolation.READ_UNCOMMITTED, 0, 1_500),
            16,
            here(0, extent(1, 0), extent(2, 10), extent(3, 20)));
    assertThat(plan.loads()).containsOnlyKeys(FilePlace.of(1), FilePlace.of(2));
    assertThat(plan.loads().get(FilePlace.of(2)))
        .extracting(Piece::position, Piece::length, piece -> piece.read().purpose())
        .containsExactly(tuple(8L, 500, ReadPurpose.CATCH_UP));
  }

  @Test
  void whatTheAnswersLimitLetsInIsLoaded() {
    ReadPlan plan =
        plan(
            order(1_500, Isolation.READ_UNCOMMITTED, 0, 1_000, 0, 1_000, 0, 1_000),
            16,
            here(0, extent(1, 0)),
            here(0, extent(2, 0)),
            here(0, extent(3, 0)));
    assertThat(plan.loads()).containsOnlyKeys(FilePlace.of(1), FilePlace.of(2));
    assertThat(plan.reads()).hasSize(3);
    assertThat(plan.bytesPlanned()).isEqualTo(1_500);
    assertThat(plan.bytesCounted()).isEqualTo(3_000);
  }

  @Test
  void aPartitionCountsWithWhatThereIsButNotBeyondItsLimit() {
    ReadPlan plan =
        plan(
            order(10_000, Isolation.READ_UNCOMMITTED, 0, 1_500, 90, 1_500, 0, 1_500),
            16,
            here(0, extent(1, 0), extent(2, 10), extent(3, 20), extent(4, 30), extent(5, 40)),
            here(90, extent(6, 90)),
            here(0));
    assertThat(plan.bytesCounted(0)).isEqualTo(1_500);
    assertThat(plan.bytesCounted(1)).isEqualTo(1_000);
    assertThat(plan.bytesCounted(2)).isZero();
  }

  @Test
  void aPartitionThatGoesOnBeyondWhatIsKnownCountsWithItsLimit() {
    ReadPlan plan =
        plan(order(10_000, Isolation.READ_UNCOMMITTED, 0, 5_000), 16, here(0, extent(1, 0)));
    assertThat(plan.bytesCounted()).isEqualTo(5_000);
  }

  @Test
  void theFirstPartitionIsLoadedWhateverTheLimits() {
    ReadPlan plan = plan(order(0, Isolation.READ_UNCOMMITTED, 0, 0), 16, here(0, extent(1, 0)));
    assertThat(plan.loads()).containsOnlyKeys(FilePlace.of(1));
    assertThat(plan.bytesCounted()).isEqualTo(1);
  }

  @Test
  void theFirstBatchIsPlannedHoweverLargeItMayBe() {
    Extent large = new Extent(1, 8, 80_000_000, 0, 9, -1, -1);
    Extent huge = new Extent(2, 8, 1_500_000_000, 0, 9, -1, -1);
    FetchOrder order = order(10_000, Isolation.READ_UNCOMMITTED, 0, 600, 0, 600);
    assertThat(plan(order, 16, here(0, large), here(0, huge)).bytesPlanned()).isEqualTo(80_000_600);
    assertThat(plan(order, 16, here(0, huge), here(0, large)).bytesPlanned())
        .isEqualTo(TopicSetting.MESSAGE_BYTES_MAX + 600);
    Located later = new Located.Here(BOUNDS, List.of(large), List.of(), new Place(79_999_000, 9));
    assertThat(plan(order, 16, later).bytesPlanned()).isEqualTo(1_000);
  }

  /// What is wanted may all have been removed from the first extent.
  @Test
  void theFirstBatchMayLieInTheNextExtent() {
    Extent gappy = new Extent(1, 8, 500, 0, 9, -1, -1, Extent.Offsets.OWN);
    Extent large = new Extent(2, 8, 80_000_000, 10, 19, -1, -1);
    FetchOrder order = order(10_000, Isolation.READ_UNCOMMITTED, 9, 600);
    assertThat(plan(order, 16, here(9, gappy, large)).bytesPlanned()).isEqualTo(80_000_000);
    FetchOrder fromStart = order(10_000, Isolation.READ_UNCOMMITTED, 0, 600);
    assertThat(plan(fromStart, 16, here(0, gappy, large)).bytesPlanned()).isEqualTo(600);
  }

  @Test
  void whereTheStartIsNotKnownTheNextExtentIsLoadedToo() {
    ReadPlan plan =
        plan(
            order(10_000, Isolation.READ_UNCOMMITTED, 5, 1_000),
            16,
            here(5, extent(1, 0), extent(2, 10), extent(3, 20)));
    assertThat(plan.loads()).containsOnlyKeys(FilePlace.of(1), FilePlace.of(2));
  }

  @Test
  void aBookmarkSaysWhereToBegin() {
    Located located =
        new Located.Here(
            BOUNDS, List.of(extent(1, 0), extent(2, 10)), List.of(), new Place(800, 8));
    ReadPlan plan = plan(order(10_000, Isolation.READ_UNCOMMITTED, 8, 150), 16, located);
    assertThat(plan.loads().get(FilePlace.of(1)))
        .extracting(Piece::position, Piece::length, piece -> piece.read().purpose())
        .containsExactly(tuple(808L, 150, ReadPurpose.CATCH_UP));
    assertThat(plan.loads()).containsOnlyKeys(FilePlace.of(1));
  }

  @Test
  void noMoreFilesAreLoadedThanAllowed() {
    ReadPlan plan =
        plan(
            order(10_000, Isolation.READ_UNCOMMITTED, 0, 10_000, 0, 10_000),
            2,
            here(0, extent(1, 0), extent(2, 10), extent(3, 20)),
            here(0, extent(2, 0), extent(4, 10)));
    assertThat(plan.loads()).containsOnlyKeys(FilePlace.of(1), FilePlace.of(2));
    assertThat(plan.loads().get(FilePlace.of(2))).hasSize(2);
  }

  @Test
  void readCommittedPlansUpToTheLastStableOffset() {
    Located located = here(40, extent(1, 40), extent(2, 50));
    assertThat(plan(order(10_000, Isolation.READ_COMMITTED, 40, 10_000), 16, located).loads())
        .containsOnlyKeys(FilePlace.of(1));
    assertThat(plan(order(10_000, Isolation.READ_UNCOMMITTED, 40, 10_000), 16, located).loads())
        .containsOnlyKeys(FilePlace.of(1), FilePlace.of(2));
    assertThat(
            plan(order(10_000, Isolation.READ_COMMITTED, 50, 10_000), 16, here(50, extent(2, 50)))
                .reads())
        .isEmpty();
  }

  @Test
  void failedPartitionsAreNotRead() {
    ReadPlan plan =
        plan(
            order(10_000, Isolation.READ_UNCOMMITTED, 0, 100, 0, 100),
            16,
            new Located.Failed(new Fetched.OutOfRange()),
            here(0, extent(1, 0)));
    assertThat(plan.reads()).extracting(ReadPlan.Read::index).containsExactly(1);
  }

  @Test
  void nearTheEndOfWhatMayBeReadAReadIsOneOfManyAndBeforeThatOneOfItsOwn() {
    Extent last = new Extent(1, 8, 1_000, 90, 99, -1, -1);
    Extent stable = new Extent(1, 8, 1_000, 40, 49, -1, -1);
    Extent large = new Extent(1, 8, (int) FetchSettings.RECENT_BYTES_MAX + 1, 90, 99, -1, -1);
    assertThat(purpose(Isolation.READ_UNCOMMITTED, 90, last)).isEqualTo(ReadPurpose.TAIL);
    assertThat(purpose(Isolation.READ_COMMITTED, 40, stable)).isEqualTo(ReadPurpose.TAIL);
    assertThat(purpose(Isolation.READ_UNCOMMITTED, 40, stable)).isEqualTo(ReadPurpose.CATCH_UP);
    assertThat(purpose(Isolation.READ_UNCOMMITTED, 90, large)).isEqualTo(ReadPurpose.CATCH_UP);
  }

  /// A reader that wants no more than a few records is not near the end of the log for that.
  @Test
  void theEndOfTheOrderIsNotTheEndOfTheLog() {
    Want want = new Want(new PartitionId(new TopicId(0, 1), 0), 0, 1_000, 5);
    FetchOrder order = new FetchOrder(List.of(want), 10_000, 1, 0, Isolation.READ_UNCOMMITTED);
    assertThat(plan(order, 16, here(0, extent(1, 0))).reads().getFirst().purpose())
        .isEqualTo(ReadPurpose.CATCH_UP);
  }

  private static ReadPurpose purpose(Isolation isolation, long offset, Extent extent) {
    FetchOrder order = order(10_000, isolation, offset, 1_000);
    return plan(order, 16, here(offset, extent)).reads().getFirst().purpose();
  }
}
