package io.weft.agent.fetch.work;

import io.weft.environment.Environment;
import io.weft.environment.Pending;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// What several threads need at the same time, made by one of them. Thread-safe.
///
/// The first thread that asks for something makes it, and threads that ask meanwhile wait for that
/// and get the same. A maker that throws has made nothing, whether it was interrupted or found a
/// bug: that is its own matter, and the threads that waited for it ask anew, so that one of them is
/// the next maker. A failure that the others should share is a value.
///
/// What was made stays for a moment, for threads that were woken by the same event and come a
/// little later. The oldest goes first.
public final class OnceForAll<K, V> {
  /// What one thing that stays takes besides its own bytes.
  private static final int ENTRY_BYTES = 1 << 10;

  private final Environment environment;
  private final OnceSettings settings;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<K, Pending<Optional<V>>> underWay = new HashMap<>();

  /// Oldest first.
  private final LinkedHashMap<K, Kept<V>> kept = new LinkedHashMap<>();

  private long bytesKept;
  private long made;
  private long shared;

  public OnceForAll(Environment environment, OnceSettings settings) {
    this.environment = environment;
    this.settings = settings;
  }

  /// Makes something, on the thread of the caller.
  @FunctionalInterface
  public interface Maker<V> {
    Made<V> make();
  }

  /// @param bytes of memory that the value keeps from being freed
  /// @param stays whether it is given to threads that come when it has been made
  public record Made<V>(V value, long bytes, boolean stays) {}

  private record Kept<V>(V value, long bytes, long madeMs) {}

  /// The value of a key, made by `maker` unless another thread makes it or has just made it.
  ///
  /// @param key two that are equal stand for the same value
  /// @throws InterruptedException if the caller is interrupted while it waits for another thread;
  ///   that one is not told
  public V get(K key, Maker<V> maker) throws InterruptedException {
    while (true) {
      switch (look(key)) {
        case Look.There<V>(V value) -> {
          return value;
        }
        case Look.Join<V>(Pending<Optional<V>> landing) -> {
          Optional<V> landed = landing.await();
          if (landed.isPresent()) {
            return landed.get();
          }
        }
        case Look.Lead<V>(Pending<Optional<V>> landing) -> {
          return lead(key, landing, maker);
        }
      }
    }
  }

  /// Whether [#get] would wait for another thread at most, now.
  public boolean has(K key) {
    lock.lock();
    try {
      letOldGo(environment.clock().monotonicMs());
      return kept.containsKey(key) || underWay.containsKey(key);
    } finally {
      lock.unlock();
    }
  }

  /// Frees what has stayed for its time.
  public void letOldGo() {
    lock.lock();
    try {
      letOldGo(environment.clock().monotonicMs());
    } finally {
      lock.unlock();
    }
  }

  public OnceFigures figures() {
    lock.lock();
    try {
      return new OnceFigures(made, shared, bytesKept);
    } finally {
      lock.unlock();
    }
  }

  private Look<V> look(K key) {
    lock.lock();
    try {
      letOldGo(environment.clock().monotonicMs());
      Kept<V> there = kept.get(key);
      if (there != null) {
        shared++;
        return new Look.There<>(there.value);
      }
      Pending<Optional<V>> landing = underWay.get(key);
      if (landing != null) {
        shared++;
        return new Look.Join<>(landing);
      }
      landing = new Pending<>();
      underWay.put(key, landing);
      return new Look.Lead<>(landing);
    } finally {
      lock.unlock();
    }
  }

  /// Makes for every thread that waits. Whatever happens, they are told.
  private V lead(K key, Pending<Optional<V>> landing, Maker<V> maker) {
    Optional<Made<V>> landed = Optional.empty();
    try {
      landed = Optional.of(maker.make());
      return landed.get().value();
    } finally {
      settle(key, landed);
      landing.complete(landed.map(Made::value));
    }
  }

  private void settle(K key, Optional<Made<V>> landed) {
    lock.lock();
    try {
      underWay.remove(key);
      if (landed.isPresent()) {
        made++;
        keep(key, landed.get());
      }
    } finally {
      lock.unlock();
    }
  }

  private void keep(K key, Made<V> fresh) {
    long bytes = fresh.bytes() + ENTRY_BYTES;
    if (!fresh.stays() || bytes > settings.bytesMax()) {
      return;
    }
    long nowMs = environment.clock().monotonicMs();
    kept.putLast(key, new Kept<>(fresh.value(), bytes, nowMs));
    bytesKept += bytes;
    letOldGo(nowMs);
    while (bytesKept > settings.bytesMax()) {
      bytesKept -= kept.pollFirstEntry().getValue().bytes();
    }
  }

  private void letOldGo(long nowMs) {
    while (!kept.isEmpty()
        && nowMs - kept.firstEntry().getValue().madeMs() >= settings.keptMsMax()) {
      bytesKept -= kept.pollFirstEntry().getValue().bytes();
    }
  }

  /// What a look for a value finds: the value; a thread that makes it; or that the looker has to
  /// make it.
  private sealed interface Look<V> {
    record There<V>(V value) implements Look<V> {}

    record Join<V>(Pending<Optional<V>> landing) implements Look<V> {}

    record Lead<V>(Pending<Optional<V>> landing) implements Look<V> {}
  }
}
