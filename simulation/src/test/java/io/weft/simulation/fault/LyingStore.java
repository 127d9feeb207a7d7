package io.weft.simulation.fault;

import io.weft.simulated.SimulatedStore;
import io.weft.simulated.SimulatedWorld;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.PutOutcome;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// One process's way to the store: slow, cut, and lying in the ways stores do. What is on its way
/// arrives even if the process dies meanwhile. To be used by the threads of one world.
public final class LyingStore implements ObjectStore {
  private static final int TIMEOUT_MS = 8_000;
  private static final int SLOW_MS_MIN = 1_000;
  private static final int SLOW_MS_MAX = 30_000;
  private static final int LATE_MS_MAX = 15_000;
  private static final int AGAIN_MS_MAX = 90_000;
  private static final int BURST_CALLS_MAX = 6;

  private final SimulatedStore store;
  private final SimulatedWorld world;
  private final Weather weather;
  private final int latencyMs;
  private final Fault corruption;
  private boolean cut;
  private int burstLeft;

  /// @param latencyMs the usual time of a call
  /// @param corruption which fault turns bits here: an [ObjectStore] must not do that, but its
  ///   readers are to find it out
  public LyingStore(
      SimulatedStore store,
      SimulatedWorld world,
      Weather weather,
      int latencyMs,
      Fault corruption) {
    this.store = store;
    this.world = world;
    this.weather = weather;
    this.latencyMs = latencyMs;
    this.corruption = corruption;
  }

  /// Whether no call gets through: each ends in a time-out.
  public void cut(boolean isCut) {
    cut = isCut;
  }

  @Override
  public void put(ObjectKey key, ObjectBody body) {
    write(key, body, copy -> store.put(key, copy));
  }

  @Override
  public PutOutcome putIfAbsent(ObjectKey key, ObjectBody body) {
    PutOutcome[] outcome = new PutOutcome[1];
    write(key, body, copy -> outcome[0] = store.putIfAbsent(key, copy));
    boolean lies = outcome[0] == PutOutcome.CREATED && weather.strikes(Fault.PUT_EXISTS_AFTER_OWN);
    return lies ? PutOutcome.EXISTS : outcome[0];
  }

  @Override
  public void read(ObjectKey key, long position, ByteBuffer target) {
    arrive();
    int start = target.position();
    int end = target.limit();
    store.read(key, position, target);
    world.letOthersGo();
    sleep(latencyMs / 2);
    if (weather.strikes(Fault.READ_TRUNCATED)) {
      spoil(target, start + (end - start) / 2, end);
      target.position(start);
      throw unavailable("the answer ended early");
    }
    if (weather.strikes(Fault.READ_WRONG_RANGE)) {
      spoil(target, start, end);
      target.position(start);
      throw unavailable("the answer was another range");
    }
    if (end > start && weather.strikes(corruption)) {
      int turned = start + weather.upTo(end - start - 1);
      target.put(turned, (byte) (target.get(turned) ^ 1 << weather.upTo(7)));
    }
  }

  @Override
  public byte[] readAll(ObjectKey key, int lengthMax) {
    arrive();
    byte[] object = store.readAll(key, lengthMax);
    world.letOthersGo();
    sleep(latencyMs / 2);
    if (weather.strikes(Fault.READ_TRUNCATED)) {
      throw unavailable("the answer ended early");
    }
    if (object.length > 0 && weather.strikes(corruption)) {
      object[weather.upTo(object.length - 1)] ^= (byte) (1 << weather.upTo(7));
    }
    return object;
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectKey key) {
    arrive();
    return store.stat(key);
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int max) {
    arrive();
    return store.list(prefix, startAfter, max);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) {
    arrive();
    if (!keys.isEmpty() && weather.strikes(Fault.DELETE_FAILED_BUT_DONE)) {
      store.delete(keys.stream().limit(weather.between(1, keys.size())).toList());
      throw unavailable("no answer in time");
    }
    store.delete(keys);
    world.letOthersGo();
  }

  @Override
  public void close() {}

  private interface Write {
    void of(ObjectBody body);
  }

  private void write(ObjectKey key, ObjectBody body, Write write) {
    intact(key, body);
    ObjectBody copy = ObjectBody.of(body.toBytes());
    arrive();
    if (weather.strikes(Fault.PUT_CONFLICTS)) {
      throw unavailable("409 conflict");
    }
    if (weather.strikes(Fault.PUT_LANDS_LATE)) {
      world.after(weather.upTo(LATE_MS_MAX), () -> write.of(copy));
      sleep(weather.upTo(TIMEOUT_MS));
      throw unavailable("no answer in time");
    }
    intact(key, body);
    world.letOthersGo();
    write.of(copy);
    world.letOthersGo();
    if (weather.strikes(Fault.PUT_DONE_AGAIN)) {
      world.after(weather.upTo(AGAIN_MS_MAX), () -> write.of(copy));
    }
    if (weather.strikes(Fault.PUT_TIMED_OUT_BUT_DONE)) {
      sleep(TIMEOUT_MS);
      throw unavailable("no answer in time");
    }
    if (weather.strikes(Fault.PUT_FAILED_BUT_DONE)) {
      throw unavailable("500 internal error");
    }
    sleep(latencyMs / 4);
  }

  /// The way to the store.
  private void arrive() {
    sleep(weather.between(latencyMs / 4, latencyMs));
    if (weather.strikes(Fault.STORE_SLOW_CALL)) {
      sleep(weather.between(SLOW_MS_MIN, SLOW_MS_MAX));
    }
    if (cut) {
      sleep(TIMEOUT_MS);
      throw unavailable("no connection");
    }
    if (burstLeft > 0) {
      burstLeft--;
      throw unavailable("503 slow down");
    }
    if (weather.strikes(Fault.STORE_SLOW_DOWN)) {
      burstLeft = weather.upTo(BURST_CALLS_MAX);
      throw unavailable("503 slow down");
    }
  }

  private static void intact(ObjectKey key, ObjectBody body) {
    if (!body.intact()) {
      throw new IllegalStateException("the body of %s has another checksum".formatted(key));
    }
  }

  private static void spoil(ByteBuffer target, int from, int to) {
    for (int i = from; i < to; i++) {
      target.put(i, (byte) ~target.get(i));
    }
  }

  private void sleep(int durationMs) {
    try {
      if (durationMs > 0) {
        world.sleepMs(durationMs);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException.Unavailable("interrupted", e);
    }
  }

  private static ObjectStoreException unavailable(String why) {
    return new ObjectStoreException.Unavailable(why, null);
  }
}
