package io.weft.server.settings;

import java.util.Comparator;
import java.util.List;

/// "Did you mean …": the nearest known name, if one is near.
final class Suggestion {
  /// Edits beyond which a name is no longer near.
  private static final int EDITS_MAX = 4;

  private Suggestion() {}

  /// A clause to end a sentence with, or nothing.
  static String of(String wrong, List<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(name -> edits(wrong, name)))
        .filter(name -> edits(wrong, name) <= EDITS_MAX)
        .map("; did you mean %s?"::formatted)
        .map(clause -> clause.substring(0, clause.length() - 1))
        .orElse("; see --help for those there are");
  }

  /// Levenshtein's distance.
  static int edits(String from, String to) {
    int[] previous = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] row = new int[to.length() + 1];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = previous[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(previous[j], row[j - 1]) + 1);
      }
      previous = row;
    }
    return previous[to.length()];
  }
}
