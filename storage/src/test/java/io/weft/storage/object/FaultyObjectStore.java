package io.weft.storage.object;

import io.weft.environment.Environment;
import io.weft.model.Invariant;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A store that goes wrong in the ways of [StoreFault]: as planned for the next calls, else by
/// chance at [FaultRates], drawn from the environment. Thread-safe.
///
/// It counts what it has played, so that a test can tell that a fault did happen.
public final class FaultyObjectStore implements ObjectStore {
  private static final int MILLION = 1_000_000;

  private final ObjectStore store;
  private final Environment environment;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition released = lock.newCondition();
  private final Map<ObjectOperation, Deque<StoreFault>> planned =
      new EnumMap<>(ObjectOperation.class);
  private final Map<StoreFault, Long> played = new EnumMap<>(StoreFault.class);
  private final List<LateWrite> lateWrites = new ArrayList<>();
  private FaultRates rates;
  private int burstLeft;
  private int stalled;
  private long releases;

  public FaultyObjectStore(ObjectStore store, FaultRates rates, Environment environment) {
    this.store = store;
    this.rates = rates;
    this.environment = environment;
    for (ObjectOperation operation : ObjectOperation.values()) {
      planned.put(operation, new ArrayDeque<>());
    }
  }

  /// Plans faults for the next calls of one operation, one each. They come before chance.
  public void plan(ObjectOperation operation, StoreFault... faults) {
    lock.lock();
    try {
      for (StoreFault fault : faults) {
        if (!fault.fits(operation)) {
          throw new IllegalArgumentException(fault + " cannot befall " + operation);
        }
        planned.get(operation).add(fault);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Replaces the rates.
  public void rates(FaultRates faultRates) {
    lock.lock();
    try {
      rates = faultRates;
    } finally {
      lock.unlock();
    }
  }

  /// Makes the store good from now on: no plan, no chance, no burst, nothing stalled or late.
  public void heal() {
    lock.lock();
    try {
      rates = FaultRates.NONE;
      burstLeft = 0;
      planned.values().forEach(Deque::clear);
    } finally {
      lock.unlock();
    }
    release();
    landLate();
  }

  /// Lets the calls go on that are stalled now.
  public void release() {
    lock.lock();
    try {
      releases++;
      released.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Lets the writes land that are late now.
  ///
  /// @return how many there were
  public int landLate() {
    List<LateWrite> landing;
    lock.lock();
    try {
      landing = List.copyOf(lateWrites);
    } finally {
      lock.unlock();
    }
    landing.forEach(this::land);
    return landing.size();
  }

  /// The calls that are stalled now.
  public int stalled() {
    lock.lock();
    try {
      return stalled;
    } finally {
      lock.unlock();
    }
  }

  /// How often a fault has been played.
  public long played(StoreFault fault) {
    lock.lock();
    try {
      return played.getOrDefault(fault, 0L);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void put(ObjectKey key, ObjectBody body) {
    Optional<StoreFault> fault = begin(ObjectOperation.PUT);
    if (isThis(fault, StoreFault.LANDS_LATE)) {
      throw holdBack(new LateWrite(key, copy(body), false));
    }
    store.put(key, body);
    perhapsLoseAnswer(fault);
  }

  @Override
  public PutOutcome putIfAbsent(ObjectKey key, ObjectBody body) {
    Optional<StoreFault> fault = begin(ObjectOperation.PUT_IF_ABSENT);
    if (isThis(fault, StoreFault.LANDS_LATE)) {
      throw holdBack(new LateWrite(key, copy(body), true));
    }
    PutOutcome outcome = store.putIfAbsent(key, body);
    perhapsLoseAnswer(fault);
    return isThis(fault, StoreFault.EXISTS_AFTER_OWN) ? PutOutcome.EXISTS : outcome;
  }

  @Override
  public void read(ObjectKey key, long position, ByteBuffer target) {
    Optional<StoreFault> fault = begin(ObjectOperation.READ);
    int start = target.position();
    int length = target.remaining();
    store.read(key, position, target);
    if (isThis(fault, StoreFault.SHORT_READ)) {
      for (int i = length / 2; i < length; i++) {
        target.put(start + i, (byte) ~target.get(start + i));
      }
      target.position(start);
      throw new ObjectStoreException.Unavailable("the answer ended early, as planned", null);
    }
    if (isThis(fault, StoreFault.FLIPPED_BIT) && length > 0) {
      int flipped = start + environment.randomness().nextInt(length);
      target.put(flipped, (byte) (target.get(flipped) ^ 1));
    }
  }

  @Override
  public byte[] readAll(ObjectKey key, int lengthMax) {
    Optional<StoreFault> fault = begin(ObjectOperation.READ_ALL);
    byte[] object = store.readAll(key, lengthMax);
    if (isThis(fault, StoreFault.SHORT_READ)) {
      throw new ObjectStoreException.Unavailable("the answer ended early, as planned", null);
    }
    if (isThis(fault, StoreFault.FLIPPED_BIT) && object.length > 0) {
      object[environment.randomness().nextInt(object.length)] ^= 1;
    }
    return object;
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectKey key) {
    begin(ObjectOperation.STAT);
    return store.stat(key);
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int max) {
    begin(ObjectOperation.LIST);
    return store.list(prefix, startAfter, max);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) {
    Optional<StoreFault> fault = begin(ObjectOperation.DELETE);
    if (isThis(fault, StoreFault.ANSWER_LOST) && !keys.isEmpty()) {
      int gone = 1 + environment.randomness().nextInt(keys.size());
      store.delete(keys.stream().limit(gone).toList());
    } else {
      store.delete(keys);
    }
    perhapsLoseAnswer(fault);
  }

  @Override
  public void close() {
    store.close();
  }

  /// Decides what befalls a call, and plays what can be played before it.
  ///
  /// @return the fault that is left to the operation itself
  private Optional<StoreFault> begin(ObjectOperation operation) {
    lock.lock();
    try {
      Optional<StoreFault> drawn = draw(operation);
      if (drawn.isEmpty()) {
        return drawn;
      }
      StoreFault fault = drawn.get();
      played.merge(fault, 1L, Long::sum);
      return switch (fault) {
        case UNAVAILABLE ->
            throw new ObjectStoreException.Unavailable("503 slow down, as planned", null);
        case BURST -> {
          burstLeft += environment.randomness().nextInt(rates.burstCallsMax());
          throw new ObjectStoreException.Unavailable("503 slow down, the first of some", null);
        }
        case STALL -> {
          stall();
          yield Optional.empty();
        }
        case ANSWER_LOST, LANDS_LATE, EXISTS_AFTER_OWN, SHORT_READ, FLIPPED_BIT -> drawn;
      };
    } finally {
      lock.unlock();
    }
  }

  private Optional<StoreFault> draw(ObjectOperation operation) {
    StoreFault plan = planned.get(operation).poll();
    if (plan != null) {
      return Optional.of(plan);
    }
    if (burstLeft > 0) {
      burstLeft--;
      return Optional.of(StoreFault.UNAVAILABLE);
    }
    for (StoreFault fault : StoreFault.values()) {
      int rate = rates.of(fault);
      if (rate > 0 && fault.fits(operation) && environment.randomness().nextInt(MILLION) < rate) {
        return Optional.of(fault);
      }
    }
    return Optional.empty();
  }

  private void stall() {
    Invariant.check(lock.isHeldByCurrentThread(), "a stall outside the lock");
    long before = releases;
    long limitMs = rates.stallMsMax() == 0 ? 0 : randomMs(rates.stallMsMax());
    long deadlineMs = environment.clock().monotonicMs() + limitMs;
    stalled++;
    try {
      while (releases == before) {
        long leftMs = deadlineMs - environment.clock().monotonicMs();
        if (limitMs == 0) {
          released.await();
        } else if (leftMs <= 0) {
          break;
        } else {
          environment.tasks().awaitMs(lock, released, leftMs);
        }
      }
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException.Unavailable("interrupted while stalled", interrupt);
    } finally {
      stalled--;
    }
  }

  private ObjectStoreException.Unavailable holdBack(LateWrite write) {
    long lateMs;
    lock.lock();
    try {
      lateWrites.add(write);
      lateMs = rates.lateMsMax() == 0 ? 0 : randomMs(rates.lateMsMax());
    } finally {
      lock.unlock();
    }
    if (lateMs > 0) {
      environment.tasks().start("late-write", () -> landAfter(write, lateMs));
    }
    return new ObjectStoreException.Unavailable("no answer in time; it lands later", null);
  }

  private void landAfter(LateWrite write, long lateMs) {
    try {
      environment.tasks().sleepMs(lateMs);
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    }
    land(write);
  }

  private void land(LateWrite write) {
    boolean first;
    lock.lock();
    try {
      first = lateWrites.remove(write);
    } finally {
      lock.unlock();
    }
    if (!first) {
      return;
    }
    try {
      if (write.ifAbsent()) {
        store.putIfAbsent(write.key(), write.body());
      } else {
        store.put(write.key(), write.body());
      }
    } catch (ObjectStoreException failure) {
      // Nobody waits for this answer any more.
    }
  }

  private long randomMs(long maxMs) {
    return 1 + (long) (environment.randomness().nextDouble() * maxMs);
  }

  private static boolean isThis(Optional<StoreFault> fault, StoreFault wanted) {
    return fault.isPresent() && fault.get() == wanted;
  }

  private static void perhapsLoseAnswer(Optional<StoreFault> fault) {
    if (isThis(fault, StoreFault.ANSWER_LOST)) {
      throw new ObjectStoreException.Unavailable("no answer in time; it had happened", null);
    }
  }

  /// The bytes as they were sent: the caller may use its buffers again once the attempt has ended.
  private static ObjectBody copy(ObjectBody body) {
    return ObjectBody.of(List.of(ByteBuffer.wrap(body.toBytes())), body.crc32c());
  }

  private record LateWrite(ObjectKey key, ObjectBody body, boolean ifAbsent) {}
}
