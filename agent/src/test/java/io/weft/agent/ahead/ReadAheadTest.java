package io.weft.agent.ahead;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.cache.ChunkSlice;
import io.weft.agent.cache.Chunks;
import io.weft.agent.cache.ReadPurpose;
import io.weft.agent.environment.ManualTime;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.model.TopicId;
import io.weft.storage.file.FilePlace;
import io.weft.storage.object.ObjectStoreException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Of logs of many extents, each ten records in a hundred bytes of a file of its own.
@Timeout(60)
class ReadAheadTest {
  private static final int EXTENTS = 1_000_000;
  private static final PartitionId PARTITION = new PartitionId(new TopicId(0, 1), 0);

  private final ManualTime time = new ManualTime(1);
  private final Index index = new Index();
  private final Pieces pieces = new Pieces();
  private final ReadAhead ahead = ahead(1_000);

  private ReadAhead ahead(long bytesMax) {
    return new ReadAhead(
        index, pieces, time.environment(), new AheadSettings(bytesMax, 100, 100, 4, 5, 10_000));
  }

  private void serve(long from) {
    ahead.served(PARTITION, from, from + 10, ReadPurpose.CATCH_UP);
  }

  private static void await(BooleanSupplier reached) {
    while (!reached.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  private void awaitBrought(long bytes) {
    await(() -> ahead.figures().bytes() == bytes);
  }

  @Test
  void whatFollowsIsBroughtForAReaderThatComesBackAndTwiceAsMuchTheNextTime() {
    serve(0);
    assertThat(index.asked).isEmpty();
    serve(10);
    awaitBrought(200);
    assertThat(pieces.brought).containsExactlyInAnyOrder(2L, 3L);
    serve(20);
    awaitBrought(500);
    assertThat(pieces.brought).containsExactlyInAnyOrder(2L, 3L, 4L, 5L, 6L);
    assertThat(ahead.figures()).isEqualTo(new AheadFigures(500, 100, 0, 400, 1));
  }

  @Test
  void aReaderThatJumpsIsAnotherOne() {
    serve(0);
    serve(50);
    serve(30);
    ahead.served(new PartitionId(new TopicId(0, 1), 1), 10, 20, ReadPurpose.CATCH_UP);
    assertThat(index.asked).isEmpty();
    assertThat(ahead.figures()).isEqualTo(new AheadFigures(0, 0, 0, 0, 4));
  }

  @Test
  void nothingIsReadAheadNearTheEndOfTheLog() {
    ahead.served(PARTITION, 0, 10, ReadPurpose.TAIL);
    ahead.served(PARTITION, 10, 20, ReadPurpose.TAIL);
    assertThat(ahead.figures().readers()).isZero();
    serve(20);
    serve(30);
    awaitBrought(200);
    ahead.served(PARTITION, 40, 60, ReadPurpose.TAIL);
    assertThat(ahead.figures()).isEqualTo(new AheadFigures(200, 200, 0, 0, 0));
  }

  @Test
  void aReaderThatDoesNotComeBackIsForgotten() {
    serve(0);
    serve(10);
    awaitBrought(200);
    time.advanceMs(10_001);
    serve(700);
    assertThat(ahead.figures()).isEqualTo(new AheadFigures(200, 0, 200, 0, 1));
    serve(20);
    assertThat(ahead.figures().bytesHeld()).isZero();
  }

  @Test
  void theReadersRememberedAreBounded() {
    for (int reader = 0; reader < 50; reader++) {
      serve(20L * reader);
    }
    assertThat(ahead.figures().readers()).isEqualTo(5);
  }

  @Test
  void whatIsReadAheadOfAllTogetherIsBoundedAndSoAreTheLoadsAtOnce() {
    pieces.gate.drainPermits();
    serveAll(0);
    serveAll(10);
    await(() -> pieces.running.size() == 1);
    pieces.gate.release(1_000_000);
    for (long from = 20; ahead.figures().bytes() < 20_000; from += 10) {
      serveAll(from);
    }
    assertThat(pieces.runningMax.get()).isLessThanOrEqualTo(4);
  }

  private void serveAll(long from) {
    for (int partition = 0; partition < 5; partition++) {
      ahead.served(
          new PartitionId(new TopicId(0, 1), partition), from, from + 10, ReadPurpose.CATCH_UP);
      assertThat(ahead.figures().bytesHeld()).isLessThanOrEqualTo(1_000);
    }
  }

  @Test
  void aStoreThatCannotAnswerIsAskedForLessAndNothingStaysHeld() {
    pieces.isAway = true;
    serve(0);
    serve(10);
    await(() -> pieces.failures.get() == 2);
    await(() -> ahead.figures().bytesHeld() == 0);
    assertThat(ahead.figures().bytes()).isZero();
    pieces.isAway = false;
    serve(20);
    await(() -> ahead.figures().bytes() > 0);
  }

  @Test
  void aControlPlaneThatCannotAnswerEndsThePlanOnly() {
    index.isAway = true;
    serve(0);
    serve(10);
    await(() -> index.asked.size() == 1);
    index.isAway = false;
    serve(20);
    await(() -> ahead.figures().bytes() > 0);
  }

  @Test
  void whatWasLetGoUnreadMakesTheWindowSmaller() {
    serve(0);
    serve(10);
    awaitBrought(200);
    pieces.held.clear();
    serve(20);
    // One has been come to, the other is gone; of a window of one piece, one is brought.
    awaitBrought(300);
    assertThat(ahead.figures()).isEqualTo(new AheadFigures(300, 100, 100, 100, 1));
    assertThat(pieces.brought).endsWith(4L);
  }

  @Test
  void aCacheOfFewChunksReadsNothingAhead() {
    ReadAhead none = ahead(99);
    none.served(PARTITION, 0, 10, ReadPurpose.CATCH_UP);
    none.served(PARTITION, 10, 20, ReadPurpose.CATCH_UP);
    assertThat(none.figures().readers()).isZero();
  }

  /// Remembers what it was asked.
  private static final class Index implements ExtentIndex {
    private final List<ExtentQuery> asked = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean isAway;

    @Override
    public List<ExtentsFound> find(List<ExtentQuery> queries) {
      asked.addAll(queries);
      if (isAway) {
        throw new ControlPlaneException.Unavailable("away", null);
      }
      return queries.stream().map(Index::found).toList();
    }

    private static ExtentsFound found(ExtentQuery query) {
      List<Span> spans =
          LongStream.range(query.offset() / 10, EXTENTS)
              .limit((query.bytesMax() + 99) / 100)
              .<Span>mapToObj(i -> new Extent(i, 0, 100, 10 * i, 10 * i + 9, -1, -1))
              .toList();
      return new ExtentsFound.Found(
          new PartitionBounds(0, 10 * EXTENTS, 10 * EXTENTS), spans, List.of());
    }

    @Override
    public List<ExtentsFound> findByTime(List<TimeQuery> queries) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Long> sizes(List<PartitionId> partitions) {
      throw new UnsupportedOperationException();
    }
  }

  /// Remembers what it has brought. Thread-safe.
  private static final class Pieces implements Chunks {
    private final Semaphore gate = new Semaphore(1_000_000);
    private final Set<Long> held = ConcurrentHashMap.newKeySet();
    private final Set<Thread> running = ConcurrentHashMap.newKeySet();
    private final List<Long> brought = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger runningMax = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private volatile boolean isAway;

    @Override
    public List<ChunkSlice> read(FilePlace place, long position, int length, ReadPurpose purpose) {
      assertThat(purpose).isEqualTo(ReadPurpose.READ_AHEAD);
      running.add(Thread.currentThread());
      runningMax.accumulateAndGet(running.size(), Math::max);
      gate.acquireUninterruptibly();
      running.remove(Thread.currentThread());
      if (isAway) {
        failures.incrementAndGet();
        throw new ObjectStoreException.Unavailable("away", null);
      }
      held.add(place.fileId());
      brought.add(place.fileId());
      return List.of();
    }

    @Override
    public boolean holds(FilePlace place, long position, int length) {
      return held.contains(place.fileId());
    }

    @Override
    public void drop(List<ChunkSlice> damaged) {}
  }
}
