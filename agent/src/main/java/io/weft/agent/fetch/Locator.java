package io.weft.agent.fetch;

import io.weft.agent.fetch.FetchOrder.Want;
import io.weft.agent.fetch.Located.Place;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.ExtentIndex.ExtentQuery;
import io.weft.controlplane.api.ExtentIndex.ExtentsFound;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.model.AbortedRange;
import io.weft.model.Extent;
import io.weft.model.Marker;
import io.weft.model.Span;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds where wanted records lie: in the tails that are streamed here, and for all others with one
/// call to the control plane. Thread-safe.
///
/// Only the control plane, asked now, may say that an offset is out of range or a partition
/// unknown: an old copy that says so makes consumers skip or start over. That there is nothing to
/// read yet, a tail may say of offsets below its window too: a reader of committed records that an
/// open transaction holds back asks nobody, however much has been written since.
final class Locator {
  private static final Logger LOG = LoggerFactory.getLogger(Locator.class);

  private final TailIndex tails;
  private final ExtentIndex extents;
  private final Bookmarks bookmarks;

  Locator(TailIndex tails, ExtentIndex extents, Bookmarks bookmarks) {
    this.tails = tails;
    this.extents = extents;
    this.bookmarks = bookmarks;
  }

  /// @return one per want, in order
  List<Located> locate(FetchOrder order) {
    List<Want> wants = order.wants();
    List<Located> located = new ArrayList<>(Collections.nCopies(wants.size(), null));
    List<Integer> missing = new ArrayList<>();
    for (int i = 0; i < wants.size(); i++) {
      Optional<Located> near = fromTail(wants.get(i), order.isolation());
      if (near.isPresent()) {
        located.set(i, near.get());
      } else {
        missing.add(i);
      }
    }
    for (int from = 0; from < missing.size(); from += ExtentIndex.QUERIES_MAX) {
      List<Integer> asked =
          missing.subList(from, Math.min(missing.size(), from + ExtentIndex.QUERIES_MAX));
      List<Located> found = ask(asked.stream().map(wants::get).toList(), order.bytesMax());
      for (int i = 0; i < asked.size(); i++) {
        located.set(asked.get(i), found.get(i));
      }
    }
    return located;
  }

  /// As [#locate], but what is known here does not count.
  ///
  /// @param bytesMax what the whole answer may have
  List<Located> ask(List<Want> wants, int bytesMax) {
    List<ExtentQuery> queries =
        wants.stream()
            .map(
                want ->
                    new ExtentQuery(
                        want.partition(),
                        want.offset(),
                        Math.max(1, Math.min(want.bytesMax(), bytesMax))))
            .toList();
    try {
      List<ExtentsFound> found = extents.find(queries);
      List<Located> located = new ArrayList<>(wants.size());
      for (int i = 0; i < wants.size(); i++) {
        located.add(located(wants.get(i), found.get(i)));
      }
      return located;
    } catch (ControlPlaneException failure) {
      LOG.warn("The control plane could not be asked for extents: {}", failure.getMessage());
      return Collections.nCopies(wants.size(), new Located.Failed(new Fetched.Unplaced()));
    }
  }

  private Optional<Located> fromTail(Want want, Isolation isolation) {
    return tails.tail(want.partition()).flatMap(tail -> fromTail(tail, want, isolation));
  }

  private Optional<Located> fromTail(Tail tail, Want want, Isolation isolation) {
    long offset = want.offset();
    if (tail.reaches(offset)) {
      return Optional.of(here(want, tail.bounds(), tail.from(offset), tail.abortedSince(offset)));
    }
    return tail.holdsBack(offset, isolation)
        ? Optional.of(here(want, tail.bounds(), List.of(), List.of()))
        : Optional.empty();
  }

  private Located located(Want want, ExtentsFound found) {
    return switch (found) {
      case ExtentsFound.Found(
              PartitionBounds bounds,
              List<Span> spans,
              List<AbortedRange> aborted) ->
          here(want, bounds, spans, aborted);
      case ExtentsFound.OutOfRange outOfRange -> new Located.Failed(new Fetched.OutOfRange());
      case ExtentsFound.UnknownPartition unknown ->
          new Located.Failed(new Fetched.UnknownPartition());
    };
  }

  private Located here(
      Want want, PartitionBounds bounds, List<Span> spans, List<AbortedRange> aborted) {
    Place start = spans.isEmpty() ? Place.NONE : start(spans.getFirst(), want.offset());
    return new Located.Here(bounds, spans, aborted, start);
  }

  private Place start(Span first, long offset) {
    return switch (first) {
      case Extent extent -> bookmarks.find(extent, offset);
      case Marker marker -> Place.beginningOf(marker);
    };
  }
}
