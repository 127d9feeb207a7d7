package io.weft.storage.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.environment.Environment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Every call is counted once, under what became of it and in the time it took.
final class MeasuringObjectStoreTest {
  private static final ObjectKey KEY = new ObjectKey("files/1");
  private static final ObjectBody BODY = ObjectBody.of(new byte[1000]);

  private final ManualEnvironment outside = new ManualEnvironment(1);
  private final MemoryObjectStore memory = new MemoryObjectStore();
  private final FaultyObjectStore faulty =
      new FaultyObjectStore(memory, FaultRates.NONE, outside.environment());
  private final MeasuringObjectStore store =
      new MeasuringObjectStore(faulty, "journal", outside.environment());

  @Test
  void callsAndBytesAreCountedByOperation() {
    store.put(KEY, BODY);
    store.putIfAbsent(KEY, BODY);
    store.read(KEY, 0, ByteBuffer.allocate(300));
    store.readAll(KEY, 1000);
    store.stat(KEY);
    store.list("", "", 10);
    store.delete(List.of(KEY));
    ObjectStoreFigures figures = store.figures();
    assertThat(figures.store()).isEqualTo("journal");
    assertThat(figures.operations()).hasSize(ObjectOperation.values().length);
    assertThat(figures.operations().values()).allMatch(of -> of.calls() == 1);
    assertThat(figures.of(ObjectOperation.PUT).bytes()).isEqualTo(1000);
    assertThat(figures.of(ObjectOperation.PUT_IF_ABSENT).bytes()).isEqualTo(1000);
    assertThat(figures.of(ObjectOperation.READ).bytes()).isEqualTo(300);
    assertThat(figures.of(ObjectOperation.READ_ALL).bytes()).isEqualTo(1000);
    assertThat(figures.of(ObjectOperation.LIST).bytes()).isZero();
  }

  @Test
  void failuresAreCountedByKindAndMoveNoBytes() {
    assertThatThrownBy(() -> store.readAll(KEY, 10))
        .isInstanceOf(ObjectStoreException.NotFound.class);
    memory.put(KEY, BODY);
    assertThatThrownBy(() -> store.readAll(KEY, 10))
        .isInstanceOf(ObjectStoreException.Rejected.class);
    faulty.plan(ObjectOperation.READ_ALL, StoreFault.UNAVAILABLE);
    assertThatThrownBy(() -> store.readAll(KEY, 1000))
        .isInstanceOf(ObjectStoreException.Unavailable.class);
    ObjectStoreFigures.OfOperation figures = store.figures().of(ObjectOperation.READ_ALL);
    assertThat(figures.calls()).isEqualTo(3);
    assertThat(figures.notFound()).isEqualTo(1);
    assertThat(figures.rejected()).isEqualTo(1);
    assertThat(figures.unavailable()).isEqualTo(1);
    assertThat(figures.bytes()).isZero();
  }

  @Test
  void eachUserCountsForItsPurposeAndRetriesForThatOfTheirCall() {
    RetryingObjectStore retrying =
        new RetryingObjectStore(store, RetrySettings.FILES, outside.environment());
    ObjectStore ingest = retrying.usedFor(StorePurpose.INGEST);
    ObjectStore history = retrying.usedFor(StorePurpose.HISTORY);
    faulty.plan(ObjectOperation.PUT, StoreFault.UNAVAILABLE);
    ingest.put(KEY, BODY);
    history.read(KEY, 0, ByteBuffer.allocate(300));
    retrying.stat(KEY);

    ObjectStoreFigures figures = store.figures();
    ObjectStoreFigures.OfOperation puts = figures.of(StorePurpose.INGEST, ObjectOperation.PUT);
    assertThat(puts.calls()).isEqualTo(2);
    assertThat(puts.unavailable()).isEqualTo(1);
    assertThat(puts.bytes()).isEqualTo(1000);
    assertThat(figures.of(StorePurpose.HISTORY, ObjectOperation.READ).bytes()).isEqualTo(300);
    assertThat(figures.of(StorePurpose.OTHER, ObjectOperation.STAT).calls()).isEqualTo(1);
    assertThat(
            figures.purposes().values().stream()
                .flatMap(of -> of.values().stream())
                .mapToLong(ObjectStoreFigures.OfOperation::calls)
                .sum())
        .isEqualTo(4);
    assertThat(figures.of(ObjectOperation.PUT).latency().nanosSum())
        .isEqualTo(puts.latency().nanosSum());
  }

  @Test
  void timesAreThoseOfTheClock() {
    LatencyProfile profile = new LatencyProfile(exactly(60), exactly(20), exactly(40), 80, 0, 0);
    MeasuringObjectStore timed =
        new MeasuringObjectStore(
            new LatencyObjectStore(memory, profile, outside.environment()),
            "files",
            outside.environment());
    for (int i = 0; i < 99; i++) {
      timed.stat(KEY);
    }
    ObjectStoreFigures.Latency latency = timed.figures().of(ObjectOperation.STAT).latency();
    assertThat(latency.nanosSum()).isEqualTo(99 * 20_000_000L);
    assertThat(latency.quantileMs(0.5)).isBetween(20.0, 25.0);
    assertThat(timed.figures().of(ObjectOperation.PUT).latency().quantileMs(0.5)).isZero();
  }

  @Test
  void quantilesAreAtMostAQuarterTooHigh() {
    LatencyHistogram histogram = new LatencyHistogram();
    for (int ms = 1; ms <= 1000; ms++) {
      histogram.add(ms * 1_000_000L);
    }
    ObjectStoreFigures.Latency latency = histogram.figures();
    for (double share : new double[] {0.01, 0.5, 0.9, 0.99, 1}) {
      assertThat(latency.quantileMs(share)).isBetween(1000 * share, 1000 * share * 1.26);
    }
  }

  @Test
  void rangesFollowEachOtherWithoutGap() {
    long start = 0;
    for (int range = 0; range < LatencyHistogram.RANGES - 1; range++) {
      long end = LatencyHistogram.endMicros(range);
      assertThat(end).isGreaterThan(start);
      assertThat(LatencyHistogram.range(start)).isEqualTo(range);
      assertThat(LatencyHistogram.range(end - 1)).isEqualTo(range);
      start = end;
    }
    assertThat(LatencyHistogram.range(Long.MAX_VALUE)).isEqualTo(LatencyHistogram.RANGES - 1);
    assertThat(LatencyHistogram.range(-5)).isZero();
  }

  @Test
  void nothingIsLostWhenManyCount() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(Environment.system().tasks().start("caller-" + i, this::callOften));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(store.figures().of(ObjectOperation.STAT).calls()).isEqualTo(8_000);
  }

  private void callOften() {
    for (int call = 0; call < 1_000; call++) {
      store.stat(KEY);
    }
  }

  private static LatencyProfile.Spread exactly(double ms) {
    return new LatencyProfile.Spread(ms, ms);
  }
}
