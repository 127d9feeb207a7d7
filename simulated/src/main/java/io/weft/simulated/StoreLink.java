package io.weft.simulated;

import io.weft.environment.Environment;
import io.weft.environment.Pending;
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
import java.util.function.Supplier;

/// One process's way to a store: slow, cut, or losing answers, as the test says. To be used by the
/// threads of one [SimulatedWorld].
public final class StoreLink implements ObjectStore {
  private final ObjectStore store;
  private final Environment environment;
  private PutFault fault = (_, _) -> Fate.FINE;
  private long latencyMaxMs;
  private boolean cut;
  private boolean refusing;
  private Pending<Boolean> gate = Pending.completed(true);
  private int puts;

  public StoreLink(ObjectStore store, Environment environment) {
    this.store = store;
    this.environment = environment;
  }

  /// What becomes of one conditional put.
  public enum Fate {
    FINE,
    /// It is done; the answer says nobody knows.
    ANSWER_LOST,
    /// It is not done; the answer says nobody knows.
    NOT_DONE,
    /// It is not done, and this call never comes back.
    HANGS,
    /// It is not done, and nothing is answered from here on.
    DEAD_BEFORE,
    /// It is done, and nothing is answered from here on.
    DEAD_AFTER
  }

  @FunctionalInterface
  public interface PutFault {
    /// @param number of the conditional put through this link, from 0
    Fate of(int number, ObjectKey key);
  }

  public StoreLink onPut(PutFault putFault) {
    fault = putFault;
    return this;
  }

  /// Every call takes up to this long, drawn anew each time.
  public StoreLink latencyMaxMs(long latencyMs) {
    latencyMaxMs = latencyMs;
    return this;
  }

  /// From here on no call ever comes back: the process is as good as dead.
  public void cut() {
    cut = true;
  }

  /// Every call fails at once, without effect, while this is set.
  public void refuse(boolean refuses) {
    refusing = refuses;
  }

  /// Calls hang until the gate is opened again, then go on as if nothing had been.
  public void shutGate() {
    gate = new Pending<>();
  }

  public void openGate() {
    gate.complete(true);
  }

  public int puts() {
    return puts;
  }

  @Override
  public void put(ObjectKey key, ObjectBody body) {
    pass();
    store.put(key, body);
    passBack();
  }

  @Override
  public PutOutcome putIfAbsent(ObjectKey key, ObjectBody body) {
    Fate fate = fault.of(puts++, key);
    if (fate == Fate.DEAD_BEFORE) {
      cut();
    }
    if (fate == Fate.HANGS) {
      forever();
    }
    pass();
    if (fate == Fate.NOT_DONE) {
      throw unavailable();
    }
    PutOutcome outcome = store.putIfAbsent(key, body);
    if (fate == Fate.DEAD_AFTER) {
      cut();
    }
    passBack();
    if (fate == Fate.ANSWER_LOST) {
      throw unavailable();
    }
    return outcome;
  }

  @Override
  public void read(ObjectKey key, long position, ByteBuffer target) {
    pass();
    store.read(key, position, target);
    passBack();
  }

  @Override
  public byte[] readAll(ObjectKey key, int lengthMax) {
    return there(() -> store.readAll(key, lengthMax));
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectKey key) {
    return there(() -> store.stat(key));
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int max) {
    return there(() -> store.list(prefix, startAfter, max));
  }

  @Override
  public void delete(Collection<ObjectKey> keys) {
    pass();
    store.delete(keys);
    passBack();
  }

  @Override
  public void close() {}

  private <T> T there(Supplier<T> call) {
    pass();
    T answer = call.get();
    passBack();
    return answer;
  }

  private void pass() {
    travel();
    if (refusing) {
      throw unavailable();
    }
  }

  private void passBack() {
    travel();
  }

  private void travel() {
    try {
      if (latencyMaxMs > 0) {
        environment.tasks().sleepMs(environment.randomness().nextInt((int) latencyMaxMs + 1) / 2);
      }
      gate.await();
      if (cut) {
        forever();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException.Unavailable("interrupted", e);
    }
  }

  private static void forever() {
    try {
      new Pending<Boolean>().await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException.Unavailable("interrupted", e);
    }
  }

  private static ObjectStoreException unavailable() {
    return new ObjectStoreException.Unavailable("the store says nothing", null);
  }
}
