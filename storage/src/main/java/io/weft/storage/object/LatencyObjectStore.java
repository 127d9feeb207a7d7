package io.weft.storage.object;

import io.weft.environment.Environment;
import io.weft.environment.Randomness;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// A store that is as slow as a cloud's: waits, as a [LatencyProfile] says, around the calls of
/// another one. Thread-safe; calls wait side by side, each at the full transfer rate.
public final class LatencyObjectStore implements ObjectStore {
  private static final double BYTES_PER_MIB = 1 << 20;

  private final ObjectStore store;
  private final LatencyProfile profile;
  private final Environment environment;

  public LatencyObjectStore(ObjectStore store, LatencyProfile profile, Environment environment) {
    this.store = store;
    this.profile = profile;
    this.environment = environment;
  }

  @Override
  public void put(ObjectKey key, ObjectBody body) {
    arrive(profile.put(), body.length());
    store.put(key, body);
    perhapsLoseAnswer(profile.put());
  }

  @Override
  public PutOutcome putIfAbsent(ObjectKey key, ObjectBody body) {
    arrive(profile.conditionalPut(), body.length());
    PutOutcome outcome = store.putIfAbsent(key, body);
    perhapsLoseAnswer(profile.conditionalPut());
    return outcome;
  }

  @Override
  public void read(ObjectKey key, long position, ByteBuffer target) {
    int start = target.position();
    arrive(profile.firstByte(), 0);
    store.read(key, position, target);
    try {
      transfer(target.position() - start);
    } catch (ObjectStoreException.Unavailable interrupted) {
      target.position(start);
      throw interrupted;
    }
  }

  @Override
  public byte[] readAll(ObjectKey key, int lengthMax) {
    arrive(profile.firstByte(), 0);
    byte[] object = store.readAll(key, lengthMax);
    transfer(object.length);
    return object;
  }

  @Override
  public ObjectPart readUpTo(ObjectKey key, long position, int lengthMax) {
    arrive(profile.firstByte(), 0);
    ObjectPart part = store.readUpTo(key, position, lengthMax);
    transfer(part.bytes().remaining());
    return part;
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectKey key) {
    arrive(profile.firstByte(), 0);
    return store.stat(key);
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int max) {
    arrive(profile.firstByte(), 0);
    return store.list(prefix, startAfter, max);
  }

  @Override
  public ListedPage listInAnyOrder(String prefix, Optional<String> from, int max) {
    arrive(profile.firstByte(), 0);
    return store.listInAnyOrder(prefix, from, max);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) {
    arrive(profile.put(), 0);
    store.delete(keys);
    perhapsLoseAnswer(profile.put());
  }

  @Override
  public void close() {
    store.close();
  }

  /// The way to the store and its work there.
  private void arrive(LatencyProfile.Spread spread, long bytes) {
    Randomness randomness = environment.randomness();
    double waitMs = spread.sampleMs(randomness);
    if (happens(profile.refusedOneIn())) {
      sleep(profile.firstByte().sampleMs(randomness));
      throw new ObjectStoreException.Unavailable(
          "503 slow down, as the latency profile has it", null);
    }
    sleep(waitMs + transferMs(bytes));
  }

  private void perhapsLoseAnswer(LatencyProfile.Spread spread) {
    if (happens(profile.timedOutOneIn())) {
      sleep(spread.p99Ms());
      throw new ObjectStoreException.Unavailable(
          "no answer in time, as the latency profile has it", null);
    }
  }

  private void transfer(long bytes) {
    sleep(transferMs(bytes));
  }

  private double transferMs(long bytes) {
    return bytes / BYTES_PER_MIB / profile.mibPerSecond() * 1_000;
  }

  private boolean happens(int oneIn) {
    return oneIn > 0 && environment.randomness().nextInt(oneIn) == 0;
  }

  private void sleep(double durationMs) {
    try {
      environment.tasks().sleepMs(Math.round(durationMs));
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException.Unavailable(
          "interrupted while it waited for a store", interrupt);
    }
  }
}
