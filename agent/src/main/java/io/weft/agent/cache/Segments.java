package io.weft.agent.cache;

import io.weft.model.Invariant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// What is held within a bound of bytes, and which of it goes first. Guarded by its owner's lock.
///
/// ```
/// passing → recent → lasting
/// ```
///
/// * *Passing*: brought for a reader that is far behind; the one that came first goes first. It may
///   fill what nothing else uses, else one in [#PASSING_PARTS].
/// * *Recent*: new; the least recently used goes first, before anything that lasts.
/// * *Lasting*: used again when others had come since: one use in many parts counts once, and a
///   reader that goes over everything once does not make anything last. What was let go lately and
///   is asked for again lasts too. All but one in [#RECENT_PARTS]; what is more becomes recent.
///
/// What lasts but is not used while so much comes that it would fill all [#AGE] times goes before
/// anything recent: the newest part of a log moves on. The order of uses and the bytes that have
/// come since are all the time there is, no clock and no chance: a simulated run repeats.
final class Segments<K, V> {
  static final int PASSING_PARTS = 4;
  static final int RECENT_PARTS = 4;
  static final int AGE = 2;

  /// A use counts as another one once this part of all has come since.
  static final int APART_PARTS = 16;

  /// Those let go that are remembered, at most.
  static final int GHOSTS_MAX = 10_000;

  private final long bytesMax;
  private final Consumer<V> gone;
  private final Segment<K, V> passing = new Segment<>();
  private final Segment<K, V> recent = new Segment<>();
  private final Segment<K, V> lasting = new Segment<>();

  /// When they were let go, oldest first.
  private final LinkedHashMap<K, Long> ghosts = new LinkedHashMap<>();

  /// Bytes that have come to be recent or to last, ever: the time here.
  private long now;

  Segments(long bytesMax) {
    this(bytesMax, _ -> {});
  }

  /// @param gone told of each value that was held and is not any more; may not change anything here
  Segments(long bytesMax, Consumer<V> gone) {
    this.bytesMax = bytesMax;
    this.gone = gone;
  }

  /// @param since when it came
  /// @param usedAt when it was used last
  private record Entry<V>(V value, long bytes, long since, long usedAt) {
    Entry<V> used(long at) {
      return new Entry<>(value, bytes, since, at);
    }

    Entry<V> with(V newer, long newerBytes) {
      return new Entry<>(newer, newerBytes, since, usedAt);
    }
  }

  /// In the order in which they go.
  private static final class Segment<K, V> {
    private final LinkedHashMap<K, Entry<V>> entries = new LinkedHashMap<>();
    private long bytes;

    Optional<Entry<V>> find(K key) {
      return Optional.ofNullable(entries.get(key));
    }

    void putLast(K key, Entry<V> entry) {
      remove(key);
      entries.putLast(key, entry);
      bytes += entry.bytes();
    }

    /// Where it was.
    void replace(K key, Entry<V> entry) {
      Entry<V> before = entries.replace(key, entry);
      bytes += entry.bytes() - before.bytes();
    }

    void remove(K key) {
      Entry<V> removed = entries.remove(key);
      bytes -= removed == null ? 0 : removed.bytes();
    }

    Map.Entry<K, Entry<V>> removeFirst() {
      Map.Entry<K, Entry<V>> first = entries.pollFirstEntry();
      bytes -= first.getValue().bytes();
      return first;
    }

    boolean isEmpty() {
      return entries.isEmpty();
    }
  }

  long bytes() {
    return passing.bytes + recent.bytes + lasting.bytes;
  }

  int count() {
    return passing.entries.size() + recent.entries.size() + lasting.entries.size();
  }

  int ghosts() {
    return ghosts.size();
  }

  /// What is held under this key; the order in which things go stays as it is.
  Optional<V> peek(K key) {
    return find(key).map(Entry::value);
  }

  /// As [#peek], for a reader of whom there are more.
  Optional<V> use(K key) {
    Optional<Entry<V>> found = recent.find(key);
    if (found.isPresent()) {
      useRecent(key, found.get());
      return found.map(Entry::value);
    }
    found = lasting.find(key);
    if (found.isPresent()) {
      lasting.putLast(key, found.get().used(now));
      return found.map(Entry::value);
    }
    found = passing.find(key);
    found.ifPresent(
        entry -> {
          passing.remove(key);
          insert(key, entry.value(), entry.bytes());
        });
    return found.map(Entry::value);
  }

  /// Holds this for readers of whom there are more. What alone is too large is not held.
  void keep(K key, V value, long bytes) {
    letGo(key);
    if (bytes <= bytesMax) {
      insert(key, value, bytes);
    }
  }

  /// Holds this for one reader that passes by; what is held for more of them stays so.
  void keepInPassing(K key, V value, long bytes) {
    if (bytes > bytesMax) {
      letGo(key);
      return;
    }
    Optional<Entry<V>> before = find(key);
    if (recent.find(key).isPresent()) {
      recent.replace(key, before.get().with(value, bytes));
    } else if (lasting.find(key).isPresent()) {
      lasting.replace(key, before.get().with(value, bytes));
    } else {
      passing.putLast(key, new Entry<>(value, bytes, now, now));
    }
    before.map(Entry::value).ifPresent(gone);
    fit();
  }

  /// @return whether this very value was held
  boolean removeExactly(K key, V value) {
    boolean held = find(key).filter(entry -> entry.value().equals(value)).isPresent();
    if (held) {
      letGo(key);
    }
    return held;
  }

  private void letGo(K key) {
    Optional<Entry<V>> entry = find(key);
    passing.remove(key);
    recent.remove(key);
    lasting.remove(key);
    entry.map(Entry::value).ifPresent(gone);
  }

  private Optional<Entry<V>> find(K key) {
    return recent.find(key).or(() -> lasting.find(key)).or(() -> passing.find(key));
  }

  private void insert(K key, V value, long bytes) {
    now += bytes;
    Entry<V> entry = new Entry<>(value, bytes, now, now);
    Long letGoAt = ghosts.remove(key);
    if (letGoAt != null && now - letGoAt <= bytesMax) {
      lasting.putLast(key, entry);
    } else {
      recent.putLast(key, entry);
    }
    fit();
  }

  private void useRecent(K key, Entry<V> entry) {
    if (now - entry.since() >= bytesMax / APART_PARTS) {
      recent.remove(key);
      lasting.putLast(key, entry.used(now));
      fit();
    } else {
      recent.putLast(key, entry.used(now));
    }
  }

  private void fit() {
    while (lasting.bytes > bytesMax - bytesMax / RECENT_PARTS) {
      Map.Entry<K, Entry<V>> demoted = lasting.removeFirst();
      Entry<V> entry = demoted.getValue();
      recent.putLast(demoted.getKey(), new Entry<>(entry.value(), entry.bytes(), now, now));
    }
    while (bytes() > bytesMax) {
      letOneGo();
    }
  }

  /// Lets go what goes first; there must be something.
  void letOneGo() {
    Map.Entry<K, Entry<V>> first;
    if (passing.entries.size() > 1 && passing.bytes > bytesMax / PASSING_PARTS) {
      first = passing.removeFirst();
    } else if (!lasting.isEmpty() && isOld(lasting.entries.firstEntry().getValue())) {
      first = lasting.removeFirst();
    } else if (!recent.isEmpty()) {
      first = recent.removeFirst();
      addGhost(first.getKey());
    } else if (!lasting.isEmpty()) {
      first = lasting.removeFirst();
    } else {
      Invariant.check(!passing.isEmpty(), "%d bytes of nothing", bytes());
      first = passing.removeFirst();
    }
    gone.accept(first.getValue().value());
  }

  private boolean isOld(Entry<V> entry) {
    return now - entry.usedAt() > AGE * bytesMax;
  }

  private void addGhost(K key) {
    ghosts.putLast(key, now);
    if (ghosts.size() > GHOSTS_MAX) {
      ghosts.pollFirstEntry();
    }
  }
}
