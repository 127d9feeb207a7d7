package io.weft.storage.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What is retried, for how long, and what a put of unknown outcome turns out to be.
final class RetryingObjectStoreTest {
  private static final ObjectKey KEY = new ObjectKey("journal/7");
  private static final ObjectBody OURS = body("ours, of epoch 3");
  private static final RetrySettings SETTINGS = new RetrySettings(5, 100, 400, 60_000, 0.5, 100);

  private final ManualEnvironment outside = new ManualEnvironment(1);
  private final MemoryObjectStore memory = new MemoryObjectStore();
  private final FaultyObjectStore faulty =
      new FaultyObjectStore(memory, FaultRates.NONE, outside.environment());
  private final MeasuringObjectStore measured =
      new MeasuringObjectStore(faulty, "files", outside.environment());
  private final RetryingObjectStore store = retrying(SETTINGS);

  @Test
  void whatIsUnavailableIsTriedAgain() {
    faulty.plan(ObjectOperation.PUT, StoreFault.UNAVAILABLE, StoreFault.UNAVAILABLE);
    store.put(KEY, OURS);
    assertThat(attempts(ObjectOperation.PUT)).isEqualTo(3);
    assertThat(memory.readAll(KEY, 100)).isEqualTo(OURS.toBytes());
  }

  @Test
  void everyOperationIsTriedAgain() {
    memory.put(KEY, OURS);
    for (ObjectOperation operation : ObjectOperation.values()) {
      faulty.plan(operation, StoreFault.UNAVAILABLE);
    }
    store.put(KEY, OURS);
    assertThat(store.stat(KEY)).isPresent();
    assertThat(store.readAll(KEY, 100)).isEqualTo(OURS.toBytes());
    store.read(KEY, 0, ByteBuffer.allocate(4));
    assertThat(store.list("", "", 10)).hasSize(1);
    store.delete(List.of(KEY));
    assertThat(store.putIfAbsent(KEY, OURS)).isEqualTo(PutOutcome.CREATED);
    assertThat(outside.sleepsMs()).hasSize(ObjectOperation.values().length);
  }

  @Test
  void pausesAreOfChanceLengthBelowADoublingBound() {
    List<List<Long>> pauses = new ArrayList<>();
    for (int seed = 0; seed < 200; seed++) {
      ManualEnvironment chance = new ManualEnvironment(seed);
      FaultyObjectStore failing = failing(chance);
      RetryingObjectStore retrying =
          new RetryingObjectStore(failing, SETTINGS, chance.environment());
      assertThatThrownBy(() -> retrying.stat(KEY))
          .isInstanceOf(ObjectStoreException.Unavailable.class);
      pauses.add(chance.sleepsMs());
    }
    long[] boundsMs = {100, 200, 400, 400};
    for (int retry = 0; retry < boundsMs.length; retry++) {
      int which = retry;
      List<Long> ofRetry = pauses.stream().map(all -> all.get(which)).toList();
      assertThat(ofRetry).allMatch(ms -> ms >= 0 && ms <= boundsMs[which]);
      assertThat(ofRetry).anyMatch(ms -> ms < boundsMs[which] / 10);
      assertThat(ofRetry).anyMatch(ms -> ms > boundsMs[which] * 9 / 10);
    }
  }

  @Test
  void attemptsHaveAnEnd() {
    RetryingObjectStore retrying =
        new RetryingObjectStore(failing(outside), SETTINGS, outside.environment());
    assertThatThrownBy(() -> retrying.put(KEY, OURS))
        .isInstanceOf(ObjectStoreException.Unavailable.class)
        .hasMessageContaining("attempt 5");
    assertThat(outside.sleepsMs()).hasSize(4);
  }

  @Test
  void noRetryBeginsAfterTheTimeBudget() {
    RetrySettings patient = new RetrySettings(1_000, 1_000, 1_000, 10_000, 0.5, 1_000);
    RetryingObjectStore retrying =
        new RetryingObjectStore(failing(outside), patient, outside.environment());
    long startMs = outside.monotonicMs();
    assertThatThrownBy(() -> retrying.put(KEY, OURS))
        .isInstanceOf(ObjectStoreException.Unavailable.class)
        .hasMessageContaining("time");
    assertThat(outside.monotonicMs() - startMs).isBetween(8_000L, 10_000L);
  }

  @Test
  void aStoreThatFailsAlwaysIsNotAskedMuchMoreOften() {
    RetrySettings thrifty = new RetrySettings(10, 10, 10, 60_000, 0.25, 20);
    FaultyObjectStore failing = failing(outside);
    RetryingObjectStore retrying = new RetryingObjectStore(failing, thrifty, outside.environment());
    int calls = 1_000;
    for (int i = 0; i < calls; i++) {
      assertThatThrownBy(() -> retrying.stat(KEY))
          .isInstanceOf(ObjectStoreException.Unavailable.class);
    }
    long retries = failing.played(StoreFault.UNAVAILABLE) - calls;
    assertThat(retries).isBetween(200L, 20L + calls / 4);
  }

  @Test
  void savedRetriesAreEarnedBackInGoodTimes() {
    RetrySettings thrifty = new RetrySettings(10, 10, 10, 60_000, 0.5, 2);
    FaultyObjectStore failing = failing(outside);
    RetryingObjectStore retrying = new RetryingObjectStore(failing, thrifty, outside.environment());
    assertThatThrownBy(() -> retrying.stat(KEY)).hasMessageContaining("too many calls fail");
    failing.rates(FaultRates.NONE);
    retrying.stat(KEY);
    retrying.stat(KEY);
    failing.plan(ObjectOperation.STAT, StoreFault.UNAVAILABLE);
    assertThat(retrying.stat(KEY)).isEmpty();
  }

  @Test
  void whatIsFinalIsNotTriedAgain() {
    assertThatThrownBy(() -> store.readAll(KEY, 10))
        .isInstanceOf(ObjectStoreException.NotFound.class);
    memory.put(KEY, OURS);
    assertThatThrownBy(() -> store.readAll(KEY, 1))
        .isInstanceOf(ObjectStoreException.Rejected.class);
    ObjectBody broken = ObjectBody.of(List.of(ByteBuffer.allocate(3)), 99);
    assertThatThrownBy(() -> store.put(KEY, broken))
        .isInstanceOf(ObjectStoreException.Rejected.class);
    assertThat(outside.sleepsMs()).isEmpty();
  }

  @Test
  void aRefusalAfterAnUnknownOutcomeIsUnknown() {
    ObjectBody broken = ObjectBody.of(List.of(ByteBuffer.allocate(3)), 99);
    faulty.plan(ObjectOperation.PUT, StoreFault.UNAVAILABLE);
    assertThatThrownBy(() -> store.put(KEY, broken))
        .isInstanceOf(ObjectStoreException.Unavailable.class);
    faulty.plan(ObjectOperation.READ_ALL, StoreFault.UNAVAILABLE);
    memory.put(KEY, OURS);
    assertThatThrownBy(() -> store.readAll(KEY, 1))
        .isInstanceOf(ObjectStoreException.Rejected.class);
  }

  @Test
  void aReadThatFailedHalfwayIsReadAnew() {
    memory.put(KEY, OURS);
    faulty.plan(ObjectOperation.READ, StoreFault.SHORT_READ, StoreFault.SHORT_READ);
    ByteBuffer target = ByteBuffer.allocate(20).position(3).limit(7);
    store.read(KEY, 0, target);
    assertThat(target.position()).isEqualTo(7);
    assertThat(target.flip().position(3)).isEqualTo(body("ours").slices().getFirst());
  }

  @Test
  void aPutWhoseAnswerWasLostHasCreated() {
    faulty.plan(ObjectOperation.PUT_IF_ABSENT, StoreFault.ANSWER_LOST);
    assertThat(store.putIfAbsent(KEY, OURS)).isEqualTo(PutOutcome.CREATED);
  }

  @Test
  void anEmptyPutWhoseAnswerWasLostHasCreated() {
    faulty.plan(ObjectOperation.PUT_IF_ABSENT, StoreFault.ANSWER_LOST);
    assertThat(store.putIfAbsent(KEY, body(""))).isEqualTo(PutOutcome.CREATED);
  }

  @Test
  void aLargePutWhoseAnswerWasLostIsComparedInPieces() {
    byte[] bytes = new byte[(5 << 20) + 123];
    new Random(4).nextBytes(bytes);
    List<ByteBuffer> slices = new ArrayList<>();
    for (int start = 0; start < bytes.length; start += 300_000) {
      slices.add(ByteBuffer.wrap(bytes, start, Math.min(300_000, bytes.length - start)).slice());
    }
    ObjectBody large = ObjectBody.of(slices, ObjectBody.of(bytes).crc32c());
    faulty.plan(ObjectOperation.PUT_IF_ABSENT, StoreFault.ANSWER_LOST);
    assertThat(store.putIfAbsent(KEY, large)).isEqualTo(PutOutcome.CREATED);
    assertThat(attempts(ObjectOperation.READ)).isEqualTo(6);

    byte[] other = bytes.clone();
    other[bytes.length - 1] ^= 1;
    faulty.plan(ObjectOperation.PUT_IF_ABSENT, StoreFault.UNAVAILABLE);
    assertThat(store.putIfAbsent(KEY, ObjectBody.of(other))).isEqualTo(PutOutcome.EXISTS);
  }

  @Test
  void anothersObjectExistsAfterAnUnknownOutcomeToo() {
    for (String theirs : List.of("ours, of epoch 4", "short", "")) {
      memory.put(KEY, body(theirs));
      faulty.plan(ObjectOperation.PUT_IF_ABSENT, StoreFault.UNAVAILABLE);
      assertThat(store.putIfAbsent(KEY, OURS)).isEqualTo(PutOutcome.EXISTS);
      assertThat(memory.readAll(KEY, 100)).isEqualTo(body(theirs).toBytes());
    }
  }

  @Test
  void anObjectMetAtTheFirstAttemptIsNotRead() {
    memory.put(KEY, OURS);
    assertThat(store.putIfAbsent(KEY, OURS)).isEqualTo(PutOutcome.EXISTS);
    assertThat(attempts(ObjectOperation.STAT)).isZero();
  }

  @Test
  void readingBackIsTriedAgainWithoutPuttingAgain() {
    faulty.plan(ObjectOperation.PUT_IF_ABSENT, StoreFault.ANSWER_LOST);
    faulty.plan(ObjectOperation.STAT, StoreFault.UNAVAILABLE);
    faulty.plan(ObjectOperation.READ, StoreFault.SHORT_READ);
    assertThat(store.putIfAbsent(KEY, OURS)).isEqualTo(PutOutcome.CREATED);
    assertThat(attempts(ObjectOperation.PUT_IF_ABSENT)).isEqualTo(2);
  }

  @Test
  void aPutThatLandsAfterItsRetryChangesNothing() {
    faulty.plan(ObjectOperation.PUT_IF_ABSENT, StoreFault.LANDS_LATE);
    assertThat(store.putIfAbsent(KEY, OURS)).isEqualTo(PutOutcome.CREATED);
    assertThat(faulty.landLate()).isEqualTo(1);
    assertThat(memory.readAll(KEY, 100)).isEqualTo(OURS.toBytes());
  }

  @Test
  void anObjectThatVanishesBeforeItIsComparedIsUnknownAndNotMadeAgain() {
    ObjectStore vanishing = new StoreThatLosesBeforeStat(faulty, memory);
    RetryingObjectStore retrying =
        new RetryingObjectStore(vanishing, SETTINGS, outside.environment());
    faulty.plan(ObjectOperation.PUT_IF_ABSENT, StoreFault.ANSWER_LOST);
    assertThatThrownBy(() -> retrying.putIfAbsent(KEY, OURS))
        .isInstanceOf(ObjectStoreException.Unavailable.class);
    assertThat(memory.stat(KEY)).isEmpty();
  }

  @Test
  void anInterruptEndsThePause() {
    faulty.plan(ObjectOperation.PUT, StoreFault.UNAVAILABLE);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> store.put(KEY, OURS))
        .isInstanceOf(ObjectStoreException.Unavailable.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(attempts(ObjectOperation.PUT)).isEqualTo(1);
  }

  @Test
  void ofTwoWritersAtMostOneCreatesWhateverHappens() {
    for (int seed = 0; seed < 300; seed++) {
      FaultyObjectStore lying = lying(seed);
      RetryingObjectStore retrying =
          new RetryingObjectStore(
              lying,
              new RetrySettings(3, 1, 1, 60_000, 1, 100),
              new ManualEnvironment(seed).environment());
      int created = 0;
      String holder = "";
      for (String writer : List.of("first", "other", "third")) {
        if (createsQuietly(retrying, writer)) {
          created++;
          holder = writer;
        }
      }
      lying.landLate();
      assertThat(created).as("seed %d", seed).isLessThanOrEqualTo(1);
      if (created == 1) {
        assertThat(memory.readAll(KEY, 100)).as("seed %d", seed).isEqualTo(body(holder).toBytes());
      }
      memory.delete(List.of(KEY));
    }
  }

  private FaultyObjectStore lying(int seed) {
    return new FaultyObjectStore(
        memory,
        new FaultRates(
            Map.of(
                StoreFault.UNAVAILABLE, 200_000,
                StoreFault.ANSWER_LOST, 200_000,
                StoreFault.LANDS_LATE, 200_000,
                StoreFault.SHORT_READ, 200_000),
            1,
            0,
            0),
        new ManualEnvironment(seed).environment());
  }

  private static boolean createsQuietly(ObjectStore store, String content) {
    try {
      return store.putIfAbsent(KEY, body(content)) == PutOutcome.CREATED;
    } catch (ObjectStoreException.Unavailable unknown) {
      return false;
    }
  }

  private FaultyObjectStore failing(ManualEnvironment chance) {
    return new FaultyObjectStore(
        memory,
        new FaultRates(Map.of(StoreFault.UNAVAILABLE, 1_000_000), 1, 0, 0),
        chance.environment());
  }

  private RetryingObjectStore retrying(RetrySettings settings) {
    return new RetryingObjectStore(measured, settings, outside.environment());
  }

  private long attempts(ObjectOperation operation) {
    return measured.figures().of(operation).calls();
  }

  private static ObjectBody body(String text) {
    return ObjectBody.of(text.getBytes(StandardCharsets.UTF_8));
  }
}
