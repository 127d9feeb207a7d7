package io.weft.simulation.fault;

import io.weft.model.FileTier;
import io.weft.storage.file.FileLayout;
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
import java.util.OptionalLong;

/// One of the two stores of a cluster with tiers: the same objects as in the other one, of which it
/// knows those of its tier, and no file of the other. A file that is put into the wrong one is a
/// bug that ends the world.
public final class TierGuard implements ObjectStore {
  private final ObjectStore store;
  private final FileTier tier;

  public TierGuard(ObjectStore store, FileTier tier) {
    this.store = store;
    this.tier = tier;
  }

  private boolean isOther(ObjectKey key) {
    OptionalLong fileId = FileLayout.fileId(key);
    return fileId.isPresent() && FileTier.of(fileId.getAsLong()) != tier;
  }

  private ObjectKey here(ObjectKey key) {
    if (isOther(key)) {
      throw new ObjectStoreException.NotFound(key);
    }
    return key;
  }

  private ObjectKey fit(ObjectKey key) {
    if (isOther(key)) {
      throw new AssertionError("%s does not belong into the store %s".formatted(key, tier));
    }
    return key;
  }

  @Override
  public void put(ObjectKey key, ObjectBody body) {
    store.put(fit(key), body);
  }

  @Override
  public PutOutcome putIfAbsent(ObjectKey key, ObjectBody body) {
    return store.putIfAbsent(fit(key), body);
  }

  @Override
  public void read(ObjectKey key, long position, ByteBuffer target) {
    store.read(here(key), position, target);
  }

  @Override
  public byte[] readAll(ObjectKey key, int lengthMax) {
    return store.readAll(here(key), lengthMax);
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectKey key) {
    return isOther(key) ? Optional.empty() : store.stat(key);
  }

  @Override
  public List<ObjectInfo> list(String prefix, String after, int limit) {
    return store.list(prefix, after, limit);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) {
    keys.forEach(this::fit);
    store.delete(keys);
  }

  @Override
  public void close() {
    store.close();
  }
}
