package io.weft.storage.object.probe;

import io.weft.environment.Environment;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.PutOutcome;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Finds out whether a store keeps the promises that everything rests on: there are stores that
/// answer "created" to each of two writers, or send a whole object for a range. Asks a handful of
/// calls about one small object of its own, whose name is drawn at random: any number of probes may
/// run at once, and what one of them leaves behind when it is killed does no harm. Owned by one
/// thread.
///
/// Every method may throw [ObjectStoreException]: a store that cannot be reached
/// ([ObjectStoreException.Unavailable]) or lets nobody in ([ObjectStoreException.Rejected]) is not
/// judged.
public final class StoreProbe {
  /// Where the objects of probes are.
  public static final String PREFIX = "probe/";

  private static final int OBJECT_BYTES = 1_000;
  private static final int RANGE_START = 300;
  private static final int RANGE_BYTES = 400;

  /// How often a wrong answer is asked for again before it is believed: a bit can turn on its way,
  /// and a late echo of a put can bring a deleted object back.
  private static final int TRIES = 3;

  private static final Optional<StoreVerdict> FINE = Optional.empty();

  private final ObjectStore store;
  private final ObjectKey key;
  private final byte[] first;
  private final byte[] second;

  private StoreProbe(ObjectStore store, Environment environment) {
    this.store = store;
    String id =
        HexFormat.of().toHexDigits(environment.randomness().nextLong())
            + HexFormat.of().toHexDigits(environment.randomness().nextLong());
    this.key = new ObjectKey(PREFIX + id);
    this.first = content("first " + id);
    this.second = content("second " + id);
  }

  /// A probe of a store that keeps a journal.
  public static StoreVerdict ofJournal(ObjectStore store, Environment environment) {
    return new StoreProbe(store, environment).run(true);
  }

  /// A probe of a store that keeps records. A process that writes them does not need the right to
  /// delete them; a listing shows whether the bucket can be reached, and which cluster owns it.
  public static StoreVerdict ofRecords(ObjectStore store, Environment environment) {
    return new StoreProbe(store, environment).run(false);
  }

  /// @param deletes whether the store's user needs the right to delete
  private StoreVerdict run(boolean deletes) {
    Stream<Supplier<Optional<StoreVerdict>>> questions =
        Stream.of(
            this::create,
            this::createAgain,
            this::readWhole,
            this::readRange,
            this::list,
            () -> delete(deletes));
    return questions
        .map(Supplier::get)
        .flatMap(Optional::stream)
        .findFirst()
        .orElseGet(StoreVerdict.Sound::new);
  }

  private Optional<StoreVerdict> create() {
    String call = "create " + key + " unless it is there";
    PutOutcome outcome;
    try {
      outcome = store.putIfAbsent(key, ObjectBody.of(first));
    } catch (ObjectStoreException.Rejected refusal) {
      // A process that may not write at all is refused here too; so a store that merely does not
      // know the condition is told apart.
      store.put(key, ObjectBody.of(first));
      return broken(
          call,
          "it was refused, and a put without the condition was not (%s)"
              .formatted(refusal.getMessage()),
          "'created'");
    }
    // Something between here and the store may have asked twice: its own object is no stranger.
    if (outcome == PutOutcome.EXISTS && !holds(first)) {
      return broken(call, "'exists', of a name drawn at random", "'created'");
    }
    return FINE;
  }

  private Optional<StoreVerdict> createAgain() {
    if (store.putIfAbsent(key, ObjectBody.of(second)) == PutOutcome.CREATED) {
      return broken(
          "create " + key + " again unless it is there",
          "'created', though it was there",
          "'exists' (S3: status 412 for If-None-Match: *)");
    }
    return FINE;
  }

  private Optional<StoreVerdict> readWhole() {
    if (!eventually(() -> holds(first))) {
      return broken(
          "read " + key + " after it was created, and created again in vain",
          holds(second) ? "the bytes of the second attempt" : "other bytes, or none",
          "the bytes of the first attempt");
    }
    return FINE;
  }

  private Optional<StoreVerdict> readRange() {
    String call =
        "read bytes %d to %d of %s".formatted(RANGE_START, RANGE_START + RANGE_BYTES, key);
    try {
      if (!eventually(this::holdsRange)) {
        return broken(call, "other bytes", "these bytes and no others");
      }
    } catch (ObjectStoreException.Unavailable | ObjectStoreException.Rejected failure) {
      if (Thread.currentThread().isInterrupted() || !holds(first)) {
        throw failure;
      }
      return broken(
          call,
          "%s, while the whole object could be read".formatted(failure.getMessage()),
          "these bytes and no others (S3: status 206)");
    }
    return FINE;
  }

  private Optional<StoreVerdict> list() {
    String call = "list what begins with " + key;
    if (!eventually(
        () -> store.list(key.name(), "", 2).equals(List.of(new ObjectInfo(key, OBJECT_BYTES))))) {
      return broken(
          call, "another list than of this object alone", "this object, which had been created");
    }
    if (!eventually(() -> store.list(key.name(), key.name(), 2).isEmpty())) {
      return broken(call + ", after that name", "something", "nothing");
    }
    return FINE;
  }

  /// @param needed whether the store's user needs the right to do it
  private Optional<StoreVerdict> delete(boolean needed) {
    try {
      if (!eventually(
          () -> {
            store.delete(List.of(key));
            return store.stat(key).isEmpty();
          })) {
        return broken("delete " + key, "it is still there", "that it is gone");
      }
    } catch (ObjectStoreException.Rejected refusal) {
      if (needed) {
        throw refusal;
      }
    }
    return FINE;
  }

  private boolean holds(byte[] bytes) {
    try {
      return Arrays.equals(store.readAll(key, OBJECT_BYTES), bytes);
    } catch (ObjectStoreException.NotFound gone) {
      return false;
    }
  }

  private boolean holdsRange() {
    ByteBuffer range = ByteBuffer.allocate(RANGE_BYTES);
    try {
      store.read(key, RANGE_START, range);
    } catch (ObjectStoreException.NotFound gone) {
      return false;
    }
    return range.flip().equals(ByteBuffer.wrap(first, RANGE_START, RANGE_BYTES));
  }

  private static boolean eventually(BooleanSupplier right) {
    for (int tries = 1; tries < TRIES; tries++) {
      if (right.getAsBoolean()) {
        return true;
      }
    }
    return right.getAsBoolean();
  }

  private static Optional<StoreVerdict> broken(String call, String answered, String right) {
    return Optional.of(new StoreVerdict.Broken(call, answered, right));
  }

  /// No two ranges of it are equal: each line has a number.
  private static byte[] content(String title) {
    StringBuilder text = new StringBuilder(OBJECT_BYTES);
    for (int line = 0; text.length() < OBJECT_BYTES; line++) {
      text.append(title).append(' ').append(line).append('\n');
    }
    return Arrays.copyOf(text.toString().getBytes(StandardCharsets.US_ASCII), OBJECT_BYTES);
  }
}
