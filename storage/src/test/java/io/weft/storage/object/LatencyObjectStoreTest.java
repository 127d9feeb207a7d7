package io.weft.storage.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Waits are spread as the profile says, bytes take their time, faults come as often as they
/// should.
final class LatencyObjectStoreTest {
  private static final ObjectKey KEY = new ObjectKey("files/1");
  private static final ObjectBody SMALL = ObjectBody.of(new byte[10]);

  private final ManualEnvironment outside = new ManualEnvironment(42);
  private final MemoryObjectStore memory = new MemoryObjectStore();

  @Test
  void theSpreadHasItsMedianAndItsTail() {
    for (LatencyProfile.Spread spread :
        List.of(new LatencyProfile.Spread(60, 250), new LatencyProfile.Spread(400, 5_000))) {
      double[] samples = new double[100_000];
      for (int i = 0; i < samples.length; i++) {
        samples[i] = spread.sampleMs(outside.environment().randomness());
      }
      Arrays.sort(samples);
      assertThat(samples[50_000]).isCloseTo(spread.p50Ms(), within(spread.p50Ms() * 0.03));
      assertThat(samples[99_000]).isCloseTo(spread.p99Ms(), within(spread.p99Ms() * 0.08));
      assertThat(samples[0]).isPositive();
    }
  }

  @Test
  void eachOperationTakesTheTimeOfItsProfile() {
    // Spreads without width: what is measured is exact.
    ObjectStore store = slowed(new LatencyProfile(exactly(60), exactly(25), exactly(40), 80, 0, 0));
    assertThat(tookMs(() -> store.put(KEY, SMALL))).isEqualTo(60);
    assertThat(tookMs(() -> store.putIfAbsent(KEY, SMALL))).isEqualTo(40);
    assertThat(tookMs(() -> store.readAll(KEY, 100))).isEqualTo(25);
    assertThat(tookMs(() -> store.read(KEY, 0, ByteBuffer.allocate(3)))).isEqualTo(25);
    assertThat(tookMs(() -> store.stat(KEY))).isEqualTo(25);
    assertThat(tookMs(() -> store.list("", "", 10))).isEqualTo(25);
    assertThat(tookMs(() -> store.delete(List.of(KEY)))).isEqualTo(60);
  }

  @Test
  void bytesTakeTime() {
    ObjectStore store = slowed(new LatencyProfile(exactly(60), exactly(25), exactly(40), 80, 0, 0));
    ObjectBody large = ObjectBody.of(new byte[8 << 20]);
    assertThat(tookMs(() -> store.put(KEY, large))).isEqualTo(60 + 100);
    assertThat(tookMs(() -> store.readAll(KEY, 8 << 20))).isEqualTo(25 + 100);
    ByteBuffer half = ByteBuffer.allocate(4 << 20);
    assertThat(tookMs(() -> store.read(KEY, 0, half))).isEqualTo(25 + 50);
  }

  @Test
  void refusalsComeAsOftenAsTheProfileSaysAndDoNothing() {
    ObjectStore store = slowed(new LatencyProfile(exactly(1), exactly(1), exactly(1), 80, 5, 0));
    int refused = 0;
    for (int i = 0; i < 10_000; i++) {
      ObjectKey key = new ObjectKey("k/" + i);
      try {
        store.put(key, SMALL);
        assertThat(memory.stat(key)).isPresent();
      } catch (ObjectStoreException.Unavailable unavailable) {
        assertThat(memory.stat(key)).isEmpty();
        refused++;
      }
    }
    assertThat(refused).isBetween(1_800, 2_200);
  }

  @Test
  void aTimeOutOfTheProfileHadSucceeded() {
    ObjectStore store = slowed(new LatencyProfile(exactly(1), exactly(1), exactly(1), 80, 0, 1));
    assertThatThrownBy(() -> store.put(KEY, SMALL))
        .isInstanceOf(ObjectStoreException.Unavailable.class);
    assertThat(memory.stat(KEY)).isPresent();
    assertThat(store.readAll(KEY, 100)).hasSize(10);
  }

  @Test
  void anInterruptEndsTheWait() {
    memory.put(KEY, SMALL);
    ObjectStore store = slowed(LatencyProfile.S3_STANDARD);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> store.readAll(KEY, 100))
        .isInstanceOf(ObjectStoreException.Unavailable.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void profilesHaveNames() {
    assertThat(LatencyProfile.NAMES).allMatch(name -> LatencyProfile.named(name).isPresent());
    assertThat(LatencyProfile.named("s3-express")).contains(LatencyProfile.S3_EXPRESS);
    assertThat(LatencyProfile.named("fast")).isEmpty();
  }

  private ObjectStore slowed(LatencyProfile profile) {
    return new LatencyObjectStore(memory, profile, outside.environment());
  }

  private long tookMs(Runnable call) {
    long startMs = outside.monotonicMs();
    call.run();
    return outside.monotonicMs() - startMs;
  }

  private static LatencyProfile.Spread exactly(double ms) {
    return new LatencyProfile.Spread(ms, ms);
  }
}
