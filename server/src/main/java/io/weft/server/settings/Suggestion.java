package io.weft.server.settings;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// "Did you mean …": the nearest known name, if one is near.
public final class Suggestion {
  /// Edits beyond which a name is no longer near.
  private static final int EDITS_MAX = 4;

  private static final int LETTERS_PER_EDIT = 4;

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

  /// The one of these that a name most likely is, mistyped, if any: one edit for every four
  /// letters, at least one, at most four.
  ///
  /// @param prefix that all have in common, and that does not count
  public static Optional<String> nearest(String name, String prefix, List<String> known) {
    int letters = name.length() - prefix.length();
    int allowed = Math.clamp(letters / LETTERS_PER_EDIT, 1, EDITS_MAX);
    return known.stream()
        .filter(each -> edits(name, each) <= allowed)
        .min(Comparator.comparingInt(each -> edits(name, each)));
  }

  /// Levenshtein's distance, where two neighbours exchanged are one edit.
  static int edits(String from, String to) {
    int[] beforePrevious = new int[to.length() + 1];
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
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforePrevious[j - 2] + 1);
        }
      }
      beforePrevious = previous;
      previous = row;
    }
    return previous[to.length()];
  }
}
