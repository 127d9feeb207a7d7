package io.weft.storage.object;

import io.weft.environment.Environment;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// A store that tries again where another gave up: the only place in Weft that retries store calls.
/// Thread-safe.
///
/// What is retried is [ObjectStoreException.Unavailable] and nothing else, after a pause of chance
/// length (full jitter), within bounds of attempts and time per call and a budget of retries over
/// all calls. An interrupt ends it. When it gives up it throws `Unavailable`; a write that was
/// `Rejected` only after an attempt of unknown outcome is `Unavailable` too, since it may have
/// happened.
///
/// A `putIfAbsent` that meets an object after an attempt of unknown outcome reads it back: if its
/// bytes are those it tried to write, that attempt had succeeded. So two callers must not race with
/// the same bytes; let them hold an epoch or an id.
public final class RetryingObjectStore implements ObjectStore {
  private final ObjectStore store;
  private final RetrySettings settings;
  private final Environment environment;
  private final RetryBudget budget;

  public RetryingObjectStore(ObjectStore store, RetrySettings settings, Environment environment) {
    this(
        store,
        settings,
        environment,
        new RetryBudget(settings.retriesPerCall(), settings.retriesSavedMax()));
  }

  private RetryingObjectStore(
      ObjectStore store, RetrySettings settings, Environment environment, RetryBudget budget) {
    this.store = store;
    this.settings = settings;
    this.environment = environment;
    this.budget = budget;
  }

  /// With the same budget of retries.
  @Override
  public ObjectStore usedFor(StorePurpose purpose) {
    return new RetryingObjectStore(store.usedFor(purpose), settings, environment, budget);
  }

  @Override
  public void put(ObjectKey key, ObjectBody body) {
    retry(
        ObjectOperation.PUT,
        () -> {
          store.put(key, body);
          return key;
        });
  }

  @Override
  public PutOutcome putIfAbsent(ObjectKey key, ObjectBody body) {
    UncertainPut put = new UncertainPut(store, key, body);
    return switch (retry(ObjectOperation.PUT_IF_ABSENT, put::attempt)) {
      case CREATED -> PutOutcome.CREATED;
      case EXISTS -> PutOutcome.EXISTS;
      // Not tried again: our own object may have been there, and somebody has deleted it.
      case GONE ->
          throw new ObjectStoreException.Unavailable(
              "object " + key + " was there after an attempt of unknown outcome, and is gone",
              null);
    };
  }

  @Override
  public void read(ObjectKey key, long position, ByteBuffer target) {
    retry(
        ObjectOperation.READ,
        () -> {
          store.read(key, position, target);
          return key;
        });
  }

  @Override
  public byte[] readAll(ObjectKey key, int lengthMax) {
    return retry(ObjectOperation.READ_ALL, () -> store.readAll(key, lengthMax));
  }

  @Override
  public ObjectPart readUpTo(ObjectKey key, long position, int lengthMax) {
    return retry(ObjectOperation.READ, () -> store.readUpTo(key, position, lengthMax));
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectKey key) {
    return retry(ObjectOperation.STAT, () -> store.stat(key));
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int max) {
    return retry(ObjectOperation.LIST, () -> store.list(prefix, startAfter, max));
  }

  @Override
  public ListedPage listInAnyOrder(String prefix, Optional<String> from, int max) {
    return retry(ObjectOperation.LIST, () -> store.listInAnyOrder(prefix, from, max));
  }

  @Override
  public void delete(Collection<ObjectKey> keys) {
    retry(
        ObjectOperation.DELETE,
        () -> {
          store.delete(keys);
          return keys;
        });
  }

  @Override
  public void close() {
    store.close();
  }

  private <T> T retry(ObjectOperation operation, Supplier<T> attempt) {
    budget.earn();
    long startMs = environment.clock().monotonicMs();
    for (int attempts = 1; ; attempts++) {
      try {
        return attempt.get();
      } catch (ObjectStoreException.Unavailable failure) {
        pause(operation, attempts, startMs, failure);
      } catch (ObjectStoreException.Rejected refusal) {
        if (attempts > 1 && operation.changes()) {
          throw new ObjectStoreException.Unavailable(
              operation + " refused after an attempt of unknown outcome: " + refusal.getMessage(),
              refusal);
        }
        throw refusal;
      }
    }
  }

  /// Waits until the next attempt may begin, or throws since there should be none.
  private void pause(
      ObjectOperation operation,
      int attempts,
      long startMs,
      ObjectStoreException.Unavailable failure) {
    if (Thread.currentThread().isInterrupted()) {
      throw failure;
    }
    if (attempts >= settings.attemptsMax()) {
      throw givenUp(operation, attempts, "no attempt is left", failure);
    }
    long boundMs = settings.backoffBoundMs(attempts);
    long pauseMs = (long) (environment.randomness().nextDouble() * (boundMs + 1));
    if (environment.clock().monotonicMs() + pauseMs - startMs > settings.timeBudgetMs()) {
      throw givenUp(operation, attempts, "no time is left", failure);
    }
    if (!budget.spend()) {
      throw givenUp(operation, attempts, "too many calls fail to retry each", failure);
    }
    try {
      environment.tasks().sleepMs(pauseMs);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw givenUp(operation, attempts, "the thread was interrupted", failure);
    }
  }

  private static ObjectStoreException.Unavailable givenUp(
      ObjectOperation operation,
      int attempts,
      String why,
      ObjectStoreException.Unavailable failure) {
    return new ObjectStoreException.Unavailable(
        "%s given up after attempt %d, %s: %s"
            .formatted(operation, attempts, why, failure.getMessage()),
        failure);
  }

  /// One `putIfAbsent` over all its attempts, which knows its own object when it meets it. Owned by
  /// the calling thread.
  private static final class UncertainPut {
    /// How much of an object is read at a time to compare it.
    private static final int COMPARED_BYTES_MAX = 1 << 20;

    enum Outcome {
      CREATED,
      EXISTS,
      /// It was there a moment ago; its writer is no longer known.
      GONE
    }

    private final ObjectStore store;
    private final ObjectKey key;
    private final ObjectBody body;
    private boolean tried;
    private boolean met;

    UncertainPut(ObjectStore store, ObjectKey key, ObjectBody body) {
      this.store = store;
      this.key = key;
      this.body = body;
    }

    Outcome attempt() {
      boolean first = !tried;
      tried = true;
      if (!met) {
        if (store.putIfAbsent(key, body) == PutOutcome.CREATED) {
          return Outcome.CREATED;
        }
        if (first) {
          return Outcome.EXISTS;
        }
        met = true;
      }
      try {
        return compare();
      } catch (ObjectStoreException.NotFound gone) {
        return Outcome.GONE;
      }
    }

    private Outcome compare() {
      Optional<ObjectInfo> there = store.stat(key);
      if (there.isEmpty()) {
        return Outcome.GONE;
      }
      return there.get().length() == body.length() && sameBytes()
          ? Outcome.CREATED
          : Outcome.EXISTS;
    }

    private boolean sameBytes() {
      ByteBuffer piece = ByteBuffer.allocate((int) Math.min(COMPARED_BYTES_MAX, body.length()));
      long position = 0;
      for (ByteBuffer slice : body.slices()) {
        while (slice.hasRemaining()) {
          if (!piece.hasRemaining() || position == 0) {
            piece.clear().limit((int) Math.min(piece.capacity(), body.length() - position));
            store.read(key, position, piece);
            piece.flip();
          }
          int length = Math.min(piece.remaining(), slice.remaining());
          if (!slice
              .slice(slice.position(), length)
              .equals(piece.slice(piece.position(), length))) {
            return false;
          }
          slice.position(slice.position() + length);
          piece.position(piece.position() + length);
          position += length;
        }
      }
      return true;
    }
  }
}
