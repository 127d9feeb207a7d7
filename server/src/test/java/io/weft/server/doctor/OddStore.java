package io.weft.server.doctor;

import io.weft.storage.file.FileLayout;
import io.weft.storage.object.ListedPage;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.PutOutcome;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// A store that lists in no order, a few objects at a time; on the way something may happen. Owned
/// by one thread, but for reads.
final class OddStore implements ObjectStore {
  private static final int SMALL_PAGE = 2;

  final List<Integer> deletions = new ArrayList<>();
  private final ObjectStore store;
  private final Random random;
  private final List<ObjectInfo> listing = new ArrayList<>();
  private Runnable beforeListing = () -> {};
  private Runnable afterListing = () -> {};
  private boolean failing;
  private int pageMax = SMALL_PAGE;
  private Optional<ObjectKey> hidden = Optional.empty();

  OddStore(ObjectStore store, long seed) {
    this.store = store;
    this.random = new Random(seed);
  }

  /// What happens before the first page is made up.
  OddStore before(Runnable action) {
    beforeListing = action;
    return this;
  }

  /// What happens between the making up of the listing and its first page.
  OddStore after(Runnable action) {
    afterListing = action;
    return this;
  }

  /// Pages as large as they are asked for.
  OddStore withRealPages() {
    pageMax = Integer.MAX_VALUE;
    return this;
  }

  /// What no listing shows.
  OddStore hiding(ObjectKey key) {
    hidden = Optional.of(key);
    return this;
  }

  OddStore failing() {
    failing = true;
    return this;
  }

  @Override
  public ListedPage listInAnyOrder(String prefix, Optional<String> from, int max) {
    if (from.isEmpty()) {
      beforeListing.run();
      listing.clear();
      listAll(prefix);
      Collections.shuffle(listing, random);
      afterListing.run();
    } else if (failing) {
      throw new ObjectStoreException.Unavailable("the store has gone", null);
    }
    int first = from.map(Integer::parseInt).orElse(0);
    int end = Math.min(listing.size(), first + Math.min(max, pageMax));
    return new ListedPage(
        List.copyOf(listing.subList(first, end)),
        end < listing.size() ? Optional.of(Integer.toString(end)) : Optional.empty());
  }

  private void listAll(String prefix) {
    List<ObjectInfo> page = store.list(prefix, "", KEYS_PER_CALL_MAX);
    while (!page.isEmpty()) {
      listing.addAll(page);
      page = store.list(prefix, page.getLast().key().name(), KEYS_PER_CALL_MAX);
    }
    listing.removeIf(object -> hidden.filter(object.key()::equals).isPresent());
  }

  @Override
  public List<ObjectInfo> list(String prefix, String startAfter, int max) {
    if (prefix.startsWith(FileLayout.PREFIX)) {
      throw new IllegalStateException("asked for an order");
    }
    return store.list(prefix, startAfter, max);
  }

  @Override
  public void put(ObjectKey key, ObjectBody body) {
    throw new IllegalStateException("written to");
  }

  @Override
  public PutOutcome putIfAbsent(ObjectKey key, ObjectBody body) {
    throw new IllegalStateException("written to");
  }

  @Override
  public void read(ObjectKey key, long position, ByteBuffer target) {
    store.read(key, position, target);
  }

  @Override
  public byte[] readAll(ObjectKey key, int lengthMax) {
    return store.readAll(key, lengthMax);
  }

  @Override
  public Optional<ObjectInfo> stat(ObjectKey key) {
    return store.stat(key);
  }

  @Override
  public void delete(Collection<ObjectKey> keys) {
    deletions.add(keys.size());
    store.delete(keys);
  }

  @Override
  public void close() {}
}
