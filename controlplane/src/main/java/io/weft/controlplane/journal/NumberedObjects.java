package io.weft.controlplane.journal;

import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.StorePurpose;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Objects whose keys are a prefix and a number of 20 digits, so that key order is number order.
/// Thread-safe.
///
/// Objects below the prefix that have other keys are not the journal's: a person's note, or what a
/// store shows of a put that is still under way. They are never read, never removed, and stop
/// nobody; the log names them. Throws the store's exceptions.
final class NumberedObjects {
  private static final Logger LOG = LoggerFactory.getLogger(NumberedObjects.class);

  private static final int DIGITS = 20;

  /// A first page is one key long: mostly that is the one.
  private static final int FIRST_PAGE_KEYS = 1;

  private final ObjectStore store;
  private final String prefix;
  private final char follows;

  /// @param follows what comes after the number in a key, with more after it; 0 where nothing does
  private NumberedObjects(ObjectStore store, String prefix, char follows) {
    this.store = store;
    this.prefix = prefix;
    this.follows = follows;
  }

  /// Nothing follows the number.
  static NumberedObjects plain(ObjectStore store, String prefix) {
    return new NumberedObjects(store, prefix, (char) 0);
  }

  static NumberedObjects followedBy(ObjectStore store, String prefix, char follows) {
    return new NumberedObjects(store, prefix, follows);
  }

  ObjectKey key(long number) {
    String digits = Long.toString(number);
    return new ObjectKey(prefix + "0".repeat(DIGITS - digits.length()) + digits);
  }

  /// The smallest number there is, from this one on.
  OptionalLong firstFrom(long number) {
    String after = number == 0 ? "" : key(number - 1).name();
    int keys = FIRST_PAGE_KEYS;
    while (true) {
      List<ObjectInfo> page = store.list(prefix, after, keys);
      for (ObjectInfo info : page) {
        long found = number(info.key());
        if (found >= 0) {
          return OptionalLong.of(found);
        }
      }
      if (page.size() < keys) {
        return OptionalLong.empty();
      }
      after = page.getLast().key().name();
      keys = ObjectStore.KEYS_PER_CALL_MAX;
    }
  }

  /// All numbers there are, in order.
  List<Long> numbers() {
    List<Long> numbers = new ArrayList<>();
    forEach(
        store,
        (_, number) -> {
          numbers.add(number);
          return true;
        });
    return numbers;
  }

  /// Removes what has a smaller number. It looks from the very beginning: a put that was delayed
  /// for long may have made an object anew below an earlier removal.
  void removeBefore(long number) {
    ObjectStore cleaned = store.usedFor(StorePurpose.CLEAN_UP);
    List<ObjectKey> doomed = new ArrayList<>();
    forEach(
        cleaned,
        (key, found) -> {
          if (found >= number) {
            return false;
          }
          doomed.add(key);
          if (doomed.size() == ObjectStore.KEYS_PER_CALL_MAX) {
            cleaned.delete(doomed);
            doomed.clear();
          }
          return true;
        });
    if (!doomed.isEmpty()) {
      cleaned.delete(doomed);
    }
  }

  /// Is shown one object after the other, and says whether it wants more of them.
  private interface Look {
    boolean at(ObjectKey key, long number);
  }

  private void forEach(ObjectStore listed, Look look) {
    String after = "";
    boolean more = true;
    while (more) {
      List<ObjectInfo> page = listed.list(prefix, after, ObjectStore.KEYS_PER_CALL_MAX);
      for (int i = 0; i < page.size() && more; i++) {
        ObjectKey key = page.get(i).key();
        long number = number(key);
        more = number < 0 || look.at(key, number);
        after = key.name();
      }
      more &= page.size() == ObjectStore.KEYS_PER_CALL_MAX;
    }
  }

  /// @return -1 for an object that is not one of these
  private long number(ObjectKey key) {
    String name = key.name();
    int end = prefix.length() + DIGITS;
    boolean ours =
        name.length() >= end
            && (follows == 0 ? name.length() == end : name.startsWith("" + follows, end));
    for (int i = prefix.length(); ours && i < end; i++) {
      ours = name.charAt(i) >= '0' && name.charAt(i) <= '9';
    }
    if (ours) {
      try {
        return Long.parseLong(name, prefix.length(), end, 10);
      } catch (NumberFormatException e) {
        // Larger than any number of ours.
      }
    }
    LOG.warn("Not of the journal's making, and left alone: {}", key);
    return -1;
  }
}
