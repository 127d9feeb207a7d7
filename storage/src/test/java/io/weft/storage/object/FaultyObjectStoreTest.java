package io.weft.storage.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.environment.Environment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Each fault does what it says, and chance plays all of them, the same for the same seed.
final class FaultyObjectStoreTest {
  private static final ObjectKey KEY = new ObjectKey("files/1");
  private static final ObjectBody BODY = body("content");

  private final ManualEnvironment outside = new ManualEnvironment(1);
  private final MemoryObjectStore memory = new MemoryObjectStore();
  private final FaultyObjectStore store =
      new FaultyObjectStore(memory, FaultRates.NONE, outside.environment());

  @Test
  void unavailableDoesNothing() {
    store.plan(ObjectOperation.PUT, StoreFault.UNAVAILABLE);
    assertUnavailable(() -> store.put(KEY, BODY));
    assertThat(memory.stat(KEY)).isEmpty();
    store.put(KEY, BODY);
    assertThat(memory.stat(KEY)).isPresent();
  }

  @Test
  void aLostAnswerMeansThatItHappened() {
    store.plan(ObjectOperation.PUT, StoreFault.ANSWER_LOST);
    assertUnavailable(() -> store.put(KEY, BODY));
    assertThat(memory.readAll(KEY, 100)).isEqualTo(BODY.toBytes());
  }

  @Test
  void aLostAnswerOfADeleteMeansThatSomeAreGone() {
    List<ObjectKey> keys = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      keys.add(new ObjectKey("k/%02d".formatted(i)));
      memory.put(keys.get(i), BODY);
    }
    store.plan(ObjectOperation.DELETE, StoreFault.ANSWER_LOST);
    assertUnavailable(() -> store.delete(keys));
    assertThat(memory.list("k/", "", 1000)).hasSizeBetween(1, 99);
  }

  @Test
  void aLateWriteLandsAfterADelete() {
    store.plan(ObjectOperation.PUT, StoreFault.LANDS_LATE);
    assertUnavailable(() -> store.put(KEY, BODY));
    assertThat(memory.stat(KEY)).isEmpty();
    store.delete(List.of(KEY));
    assertThat(store.landLate()).isEqualTo(1);
    assertThat(memory.readAll(KEY, 100)).isEqualTo(BODY.toBytes());
    assertThat(store.landLate()).isZero();
  }

  @Test
  void aLateWriteHoldsTheBytesThatWereSent() {
    byte[] bytes = "as sent".getBytes(StandardCharsets.UTF_8);
    store.plan(ObjectOperation.PUT, StoreFault.LANDS_LATE);
    assertUnavailable(() -> store.put(KEY, ObjectBody.of(bytes)));
    bytes[0] = 'X';
    store.landLate();
    assertThat(memory.readAll(KEY, 100)).isEqualTo(body("as sent").toBytes());
  }

  @Test
  void aLateWriteLandsByItselfIfThereIsATime() {
    store.rates(new FaultRates(Map.of(StoreFault.LANDS_LATE, 1_000_000), 1, 5_000, 0));
    assertUnavailable(() -> store.putIfAbsent(KEY, BODY));
    outside.runStarted();
    assertThat(outside.sleepsMs()).singleElement().matches(ms -> ms >= 1 && ms <= 5_000);
    assertThat(memory.stat(KEY)).isPresent();
  }

  @Test
  void existsAfterOwnHidesTheSuccess() {
    store.plan(ObjectOperation.PUT_IF_ABSENT, StoreFault.EXISTS_AFTER_OWN);
    assertThat(store.putIfAbsent(KEY, BODY)).isEqualTo(PutOutcome.EXISTS);
    assertThat(memory.readAll(KEY, 100)).isEqualTo(BODY.toBytes());
  }

  @Test
  void aShortReadSpoilsTheTargetButNotItsPosition() {
    memory.put(KEY, BODY);
    store.plan(ObjectOperation.READ, StoreFault.SHORT_READ);
    ByteBuffer target = ByteBuffer.allocate(7);
    assertUnavailable(() -> store.read(KEY, 0, target));
    assertThat(target.position()).isZero();
    assertThat(target).isNotEqualTo(ByteBuffer.wrap(BODY.toBytes()));
    store.plan(ObjectOperation.READ_ALL, StoreFault.SHORT_READ);
    assertUnavailable(() -> store.readAll(KEY, 100));
  }

  @Test
  void aFlippedBitIsOneBit() {
    memory.put(KEY, BODY);
    store.plan(ObjectOperation.READ, StoreFault.FLIPPED_BIT);
    ByteBuffer target = ByteBuffer.allocate(7);
    store.read(KEY, 0, target);
    assertThat(bitsApart(target.array(), BODY.toBytes())).isEqualTo(1);
    store.plan(ObjectOperation.READ_ALL, StoreFault.FLIPPED_BIT);
    assertThat(bitsApart(store.readAll(KEY, 100), BODY.toBytes())).isEqualTo(1);
    assertThat(memory.readAll(KEY, 100)).isEqualTo(BODY.toBytes());
  }

  @Test
  void aBurstSpoilsTheNextCallsToo() {
    store.rates(new FaultRates(Map.of(), 1_000, 0, 0));
    store.plan(ObjectOperation.STAT, StoreFault.BURST);
    assertUnavailable(() -> store.stat(KEY));
    int spoiled = 0;
    for (int i = 0; i < 1_000; i++) {
      try {
        store.list("", "", 1);
      } catch (ObjectStoreException.Unavailable unavailable) {
        spoiled++;
      }
    }
    assertThat(spoiled).isBetween(1, 999);
  }

  @Test
  void aStalledCallGoesOnWhenItIsReleased() throws InterruptedException {
    store.plan(ObjectOperation.PUT, StoreFault.STALL);
    Thread writer = Environment.system().tasks().start("writer", () -> store.put(KEY, BODY));
    while (store.stalled() == 0) {
      Thread.onSpinWait();
    }
    assertThat(memory.stat(KEY)).isEmpty();
    store.release();
    writer.join();
    assertThat(memory.stat(KEY)).isPresent();
    assertThat(store.stalled()).isZero();
  }

  @Test
  void aStalledCallEndsWithItsTime() {
    store.rates(new FaultRates(Map.of(StoreFault.STALL, 1_000_000), 1, 0, 30_000));
    long startMs = outside.monotonicMs();
    assertThat(store.stat(KEY)).isEmpty();
    assertThat(outside.monotonicMs() - startMs).isBetween(1L, 30_000L);
  }

  @Test
  void anInterruptEndsAStall() {
    store.plan(ObjectOperation.PUT, StoreFault.STALL);
    Thread.currentThread().interrupt();
    assertUnavailable(() -> store.put(KEY, BODY));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(memory.stat(KEY)).isEmpty();
  }

  @Test
  void aHealedStoreIsGood() {
    store.rates(allFaults());
    store.plan(ObjectOperation.PUT, StoreFault.LANDS_LATE, StoreFault.UNAVAILABLE);
    assertUnavailable(() -> store.put(KEY, BODY));
    store.heal();
    assertThat(memory.stat(KEY)).isPresent();
    for (int i = 0; i < 100; i++) {
      store.put(KEY, BODY);
      assertThat(store.readAll(KEY, 100)).isEqualTo(BODY.toBytes());
    }
  }

  @Test
  void aFaultThatCannotBefallAnOperationCannotBePlanned() {
    assertThatThrownBy(() -> store.plan(ObjectOperation.READ, StoreFault.LANDS_LATE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void chancePlaysEveryFaultAndTheSameForTheSameSeed() {
    for (int seed = 0; seed < 5; seed++) {
      List<String> once = trace(seed);
      assertThat(once).as("seed %d", seed).isEqualTo(trace(seed));
      assertThat(once).as("seed %d", seed).isNotEqualTo(trace(seed + 100));
      assertThat(once.getLast()).as("seed %d", seed).doesNotContain("=0");
    }
  }

  private static List<String> trace(int seed) {
    FaultyObjectStore faulty =
        new FaultyObjectStore(
            new MemoryObjectStore(), allFaults(), new ManualEnvironment(seed).environment());
    List<String> trace = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      ObjectKey key = new ObjectKey("k/" + i % 7);
      trace.add(told(() -> faulty.put(key, BODY)));
      trace.add(told(() -> trace.add(faulty.putIfAbsent(key, BODY).name())));
      trace.add(told(() -> faulty.read(key, 0, ByteBuffer.allocate(3))));
      trace.add(told(() -> faulty.delete(List.of(key))));
    }
    Map<StoreFault, Long> played = new EnumMap<>(StoreFault.class);
    for (StoreFault fault : StoreFault.values()) {
      played.put(fault, faulty.played(fault));
    }
    trace.add(played.toString());
    return trace;
  }

  private static String told(Runnable call) {
    try {
      call.run();
      return "done";
    } catch (ObjectStoreException failure) {
      return String.valueOf(failure.getMessage());
    }
  }

  private static FaultRates allFaults() {
    Map<StoreFault, Integer> rates = new EnumMap<>(StoreFault.class);
    for (StoreFault fault : StoreFault.values()) {
      rates.put(fault, 50_000);
    }
    return new FaultRates(rates, 5, 1_000, 1_000);
  }

  private static int bitsApart(byte[] one, byte[] other) {
    int bits = 0;
    for (int i = 0; i < one.length; i++) {
      bits += Integer.bitCount((one[i] ^ other[i]) & 0xff);
    }
    return bits;
  }

  private static void assertUnavailable(Runnable call) {
    assertThatThrownBy(call::run).isInstanceOf(ObjectStoreException.Unavailable.class);
  }

  private static ObjectBody body(String text) {
    return ObjectBody.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
