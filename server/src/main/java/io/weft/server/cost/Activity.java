package io.weft.server.cost;

import java.util.Comparator;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What a cluster does in a second, counted or predicted: all that its bill is made of.
///
/// @param inBytes that producers send, compressed as they are
/// @param outBytes that consumers are given
/// @param storedBytes kept in the store of the records
/// @param zoneBytes that cross from one zone to another
/// @param perSecond by store and purpose
record Activity(
    double inBytes,
    double outBytes,
    double storedBytes,
    double zoneBytes,
    SortedMap<Use, Usage> perSecond) {
  /// The store of the records, as metrics name it.
  static final String BUCKET = "bucket";

  static final String JOURNAL = "journal";

  /// @param store as metrics name it
  /// @param purpose as metrics name it
  record Use(String store, String purpose) implements Comparable<Use> {
    private static final Comparator<Use> ORDER =
        Comparator.comparing(Use::store).thenComparing(Use::purpose);

    @Override
    public int compareTo(Use other) {
      return ORDER.compare(this, other);
    }
  }

  Activity {
    perSecond = new TreeMap<>(perSecond);
  }

  Usage all() {
    return perSecond.values().stream().reduce(Usage.NONE, Usage::plus);
  }

  Usage of(String store, String purpose) {
    return perSecond.getOrDefault(new Use(store, purpose), Usage.NONE);
  }

  /// These uses, and none without any request.
  static SortedMap<Use, Usage> used(Map<Use, Usage> uses) {
    SortedMap<Use, Usage> used = new TreeMap<>();
    uses.forEach(
        (use, usage) -> {
          if (!usage.equals(Usage.NONE)) {
            used.put(use, usage);
          }
        });
    return used;
  }
}
