package io.weft.storage.object;

import io.weft.environment.Clock;
import io.weft.environment.Environment;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/// A store that counts what is asked of another one. Thread-safe, lock-free.
///
/// Stands below [RetryingObjectStore], so that each attempt counts: that is what a cloud bills.
public final class MeasuringObjectStore implements ObjectStore {
  private final ObjectStore store;
  private final String purpose;
  private final Clock clock;
  private final Map<ObjectOperation, Meter> meters = new EnumMap<>(ObjectOperation.class);

  /// @param purpose what the store is used for ("files", "journal"): a label of its figures
  public MeasuringObjectStore(ObjectStore store, String purpose, Environment environment) {
    this.store = store;
    this.purpose = purpose;
    this.clock = environment.clock();
    for (ObjectOperation operation : ObjectOperation.values()) {
      meters.put(operation, new Meter());
    }
  }

  public ObjectStoreFigures figures() {
    Map<ObjectOperation, ObjectStoreFigures.OfOperation> operations =
        new EnumMap<>(ObjectOperation.class);
    meters.forEach((operation, meter) -> operations.put(operation, meter.figures()));
    return new ObjectStoreFigures(purpose, Collections.unmodifiableMap(operations));
  }

  @Override
  public void put(ObjectKey key, ObjectBody body) {
    measure(
        ObjectOperation.PUT,
        () -> {
          store.put(key, body);
          return body;
        },
        ObjectBody::length);
  }

  @Override
  public PutOutcome putIfAbsent(ObjectKey key, ObjectBody body) {
    return measure(
        ObjectOperation.PUT_IF_ABSENT, () -> store.putIfAbsent(key, body), put -> body.length());
  }

  @Override
  public void read(ObjectKey key, long position, ByteBuffer target) {
    int length = target.remaining();
    measure(
        ObjectOperation.READ,
        () -> {
          store.read(key, position, target);
          return key;
        },
        done -> length);
  }

  @Override
  public byte[] readAll(ObjectKey key, int lengthMax) {
    return measure(
        ObjectOperation.READ_ALL, () -> store.readAll(key, lengthMax), bytes -> bytes.length);
  }

  @Override
  public ObjectPart readUpTo(ObjectKey key, long position, int lengthMax) {
    return measure(
        ObjectOperation.READ,
        () -> store.readUpTo(key, position, lengthMax),
        part -> part.bytes().remaining());
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectKey key) {
    return measure(ObjectOperation.STAT, () -> store.stat(key), info -> 0);
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int max) {
    return measure(ObjectOperation.LIST, () -> store.list(prefix, startAfter, max), page -> 0);
  }

  @Override
  public ListedPage listInAnyOrder(String prefix, Optional<String> from, int max) {
    return measure(ObjectOperation.LIST, () -> store.listInAnyOrder(prefix, from, max), page -> 0);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) {
    measure(
        ObjectOperation.DELETE,
        () -> {
          store.delete(keys);
          return keys;
        },
        done -> 0);
  }

  @Override
  public void close() {
    store.close();
  }

  private <T> T measure(ObjectOperation operation, Supplier<T> call, ToLongFunction<T> bytes) {
    Meter meter = meters.get(operation);
    long start = clock.nanos();
    try {
      T result = call.get();
      meter.bytes.add(bytes.applyAsLong(result));
      meter.ok.increment();
      return result;
    } catch (ObjectStoreException failure) {
      switch (failure) {
        case ObjectStoreException.Unavailable unavailable -> meter.unavailable.increment();
        case ObjectStoreException.Rejected rejected -> meter.rejected.increment();
        case ObjectStoreException.NotFound notFound -> meter.notFound.increment();
      }
      throw failure;
    } finally {
      meter.latency.add(clock.nanos() - start);
    }
  }

  private static final class Meter {
    private final LongAdder ok = new LongAdder();
    private final LongAdder bytes = new LongAdder();
    private final LongAdder unavailable = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder notFound = new LongAdder();
    private final LatencyHistogram latency = new LatencyHistogram();

    ObjectStoreFigures.OfOperation figures() {
      long unavailableCalls = unavailable.sum();
      long rejectedCalls = rejected.sum();
      long notFoundCalls = notFound.sum();
      // Not a sum of its own: what ended well is the rest, and must never seem to become less.
      return new ObjectStoreFigures.OfOperation(
          ok.sum() + unavailableCalls + rejectedCalls + notFoundCalls,
          bytes.sum(),
          unavailableCalls,
          rejectedCalls,
          notFoundCalls,
          latency.figures());
    }
  }
}
