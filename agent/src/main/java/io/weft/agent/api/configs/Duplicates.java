package io.weft.agent.api.configs;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;

/// Finds what a request names twice. Stateless.
final class Duplicates {
  private Duplicates() {}

  static <E, K> Set<K> in(Iterable<E> elements, Function<E, K> key) {
    Set<K> seen = new HashSet<>();
    Set<K> twice = new HashSet<>();
    for (E element : elements) {
      if (!seen.add(key.apply(element))) {
        twice.add(key.apply(element));
      }
    }
    return twice;
  }
}
