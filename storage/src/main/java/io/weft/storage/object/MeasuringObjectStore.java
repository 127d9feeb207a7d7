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
/// What is asked through [#usedFor] counts for its purpose, all else for [StorePurpose#OTHER].
public final class MeasuringObjectStore implements ObjectStore {
  private final ObjectStore store;
  private final String name;
  private final Clock clock;

  /// Of all purposes, shared by all views of this store.
  private final Map<StorePurpose, Map<ObjectOperation, Meter>> all;

  /// Of this view's purpose.
  private final Map<ObjectOperation, Meter> meters;

  /// @param name which store it is ("bucket", "journal"): a label of its figures
  public MeasuringObjectStore(ObjectStore store, String name, Environment environment) {
    this(store, name, environment.clock(), meters(), StorePurpose.OTHER);
  }

  private MeasuringObjectStore(
      ObjectStore store,
      String name,
      Clock clock,
      Map<StorePurpose, Map<ObjectOperation, Meter>> all,
      StorePurpose purpose) {
    this.store = store;
    this.name = name;
    this.clock = clock;
    this.all = all;
    this.meters = all.get(purpose);
  }

  private static Map<StorePurpose, Map<ObjectOperation, Meter>> meters() {
    Map<StorePurpose, Map<ObjectOperation, Meter>> all = new EnumMap<>(StorePurpose.class);
    for (StorePurpose purpose : StorePurpose.values()) {
      Map<ObjectOperation, Meter> of = new EnumMap<>(ObjectOperation.class);
      for (ObjectOperation operation : ObjectOperation.values()) {
        of.put(operation, new Meter());
      }
      all.put(purpose, of);
    }
    return all;
  }

  /// Of all purposes, whichever of them this view is for.
  public ObjectStoreFigures figures() {
    Map<StorePurpose, Map<ObjectOperation, ObjectStoreFigures.OfOperation>> purposes =
        new EnumMap<>(StorePurpose.class);
    all.forEach((purpose, of) -> purposes.put(purpose, read(of)));
    return new ObjectStoreFigures(name, Collections.unmodifiableMap(purposes));
  }

  private static Map<ObjectOperation, ObjectStoreFigures.OfOperation> read(
      Map<ObjectOperation, Meter> meters) {
    Map<ObjectOperation, ObjectStoreFigures.OfOperation> operations =
        new EnumMap<>(ObjectOperation.class);
    meters.forEach((operation, meter) -> operations.put(operation, meter.figures()));
    return Collections.unmodifiableMap(operations);
  }

  @Override
  public ObjectStore usedFor(StorePurpose purpose) {
    return new MeasuringObjectStore(store, name, clock, all, purpose);
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
        case ObjectStoreException.Deferred deferred -> meter.deferred.increment();
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
    private final LongAdder deferred = new LongAdder();
    private final LongAdder unavailable = new LongAdder();
    private final LongAdder rejected = new LongAdder();
    private final LongAdder notFound = new LongAdder();
    private final LatencyHistogram latency = new LatencyHistogram();

    ObjectStoreFigures.OfOperation figures() {
      long deferredCalls = deferred.sum();
      long unavailableCalls = unavailable.sum();
      long rejectedCalls = rejected.sum();
      long notFoundCalls = notFound.sum();
      // Not a sum of its own: what ended well is the rest, and must never seem to become less.
      return new ObjectStoreFigures.OfOperation(
          ok.sum() + deferredCalls + unavailableCalls + rejectedCalls + notFoundCalls,
          bytes.sum(),
          deferredCalls,
          unavailableCalls,
          rejectedCalls,
          notFoundCalls,
          latency.figures());
    }
  }
}
