package io.weft.storage.object.probe;

import io.weft.storage.object.MemoryObjectStore;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.PutOutcome;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A store in memory that does not keep its promises.
public final class CarelessStore implements ObjectStore {
  /// What it does wrong.
  public enum Flaw {
    /// "If absent" is not heard: every put is done, and told to be the first.
    IGNORES_CONDITIONS,
    /// Says "exists" as it should, and writes over it all the same.
    OVERWRITES_WHAT_EXISTS,
    /// Knows no conditions, and says so.
    REFUSES_CONDITIONS,
    /// Lets nobody write.
    REFUSES_WRITES,
    /// Says "exists" of what was never there.
    EXISTS_ALWAYS,
    /// A proxy that asks twice: "exists" for what it has just written itself.
    EXISTS_AFTER_OWN,
    /// Sends the whole object for a range, which the client notices.
    RANGE_IS_WHOLE,
    /// Sends the object's beginning for any range.
    RANGE_FROM_START,
    /// Reads do not see what was written.
    STALE_READS,
    /// The first answer to each read has a turned bit.
    ONE_TURNED_BIT,
    STALE_LISTS,
    LISTS_FROM_THE_START,
    KEEPS_DELETED,
    REFUSES_DELETES,
    UNAVAILABLE
  }

  private final MemoryObjectStore kept = new MemoryObjectStore();
  private final Set<Flaw> flaws;
  private final Map<Flaw, Integer> counts = new EnumMap<>(Flaw.class);

  public CarelessStore(Flaw... flaws) {
    this.flaws = Set.of(flaws);
  }

  @Override
  public void put(ObjectKey key, ObjectBody body) {
    refuse(Flaw.REFUSES_WRITES, "403 AccessDenied");
    kept.put(key, body);
  }

  @Override
  public PutOutcome putIfAbsent(ObjectKey key, ObjectBody body) {
    if (flaws.contains(Flaw.UNAVAILABLE)) {
      throw new ObjectStoreException.Unavailable("503", null);
    }
    refuse(Flaw.REFUSES_WRITES, "403 AccessDenied");
    refuse(Flaw.REFUSES_CONDITIONS, "501 NotImplemented");
    if (flaws.contains(Flaw.EXISTS_ALWAYS)) {
      return PutOutcome.EXISTS;
    }
    if (flaws.contains(Flaw.IGNORES_CONDITIONS)) {
      kept.put(key, body);
      return PutOutcome.CREATED;
    }
    PutOutcome outcome = kept.putIfAbsent(key, body);
    if (flaws.contains(Flaw.OVERWRITES_WHAT_EXISTS)) {
      kept.put(key, body);
    }
    return flaws.contains(Flaw.EXISTS_AFTER_OWN) ? PutOutcome.EXISTS : outcome;
  }

  @Override
  public void read(ObjectKey key, long position, ByteBuffer target) {
    if (flaws.contains(Flaw.RANGE_IS_WHOLE)) {
      throw new ObjectStoreException.Unavailable("the answer has status 200", null);
    }
    int start = target.position();
    kept.read(key, flaws.contains(Flaw.RANGE_FROM_START) ? 0 : position, target);
    if (turnsBit()) {
      target.put(start, (byte) (target.get(start) ^ 1));
    }
  }

  @Override
  public byte[] readAll(ObjectKey key, int lengthMax) {
    if (flaws.contains(Flaw.STALE_READS)) {
      throw new ObjectStoreException.NotFound(key);
    }
    byte[] whole = kept.readAll(key, lengthMax);
    if (turnsBit()) {
      whole[0] ^= 1;
    }
    return whole;
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectKey key) {
    return kept.stat(key);
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int max) {
    if (flaws.contains(Flaw.STALE_LISTS)) {
      return List.of();
    }
    return kept.list(prefix, flaws.contains(Flaw.LISTS_FROM_THE_START) ? "" : startAfter, max);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) {
    refuse(Flaw.REFUSES_DELETES, "403 AccessDenied");
    if (!flaws.contains(Flaw.KEEPS_DELETED)) {
      kept.delete(keys);
    }
  }

  @Override
  public void close() {}

  private boolean turnsBit() {
    return flaws.contains(Flaw.ONE_TURNED_BIT)
        && counts.merge(Flaw.ONE_TURNED_BIT, 1, Integer::sum) % 2 == 1;
  }

  private void refuse(Flaw flaw, String answer) {
    if (flaws.contains(flaw)) {
      throw new ObjectStoreException.Rejected(answer, null);
    }
  }
}
