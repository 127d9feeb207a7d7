package io.weft.storage.object.url;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The options behind the question mark of a store's URL, each known and given once. Immutable.
public record UrlOptions(String url, Map<String, String> values) {

  /// @throws IllegalArgumentException for an option that is not among `known`, or given twice
  public static UrlOptions parse(String url, String query, List<String> known) {
    Map<String, String> values = new TreeMap<>();
    for (String option : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : option.substring(0, equals);
      if (!known.contains(name)) {
        throw new IllegalArgumentException(
            "store '%s' has an unknown option '%s'; did you mean '%s'?"
                .formatted(url, name, nearest(name, known)));
      }
      if (equals < 0 || equals == option.length() - 1) {
        throw new IllegalArgumentException(
            "option '%s' of store '%s' needs a value: %s=…".formatted(name, url, name));
      }
      String value = decoded(url, option.substring(equals + 1));
      if (values.put(name, value) != null) {
        throw new IllegalArgumentException(
            "option '%s' of store '%s' is given twice; leave one out".formatted(name, url));
      }
    }
    return new UrlOptions(url, values);
  }

  /// Its value, or the empty string.
  public String text(String name) {
    return values.getOrDefault(name, "");
  }

  /// Its value, which must be one of some, or the empty string.
  public String one(String name, List<String> allowed) {
    String value = text(name);
    if (!value.isEmpty() && !allowed.contains(value)) {
      throw new IllegalArgumentException(
          "option '%s' of store '%s' should be %s"
              .formatted(name, url, String.join(" or ", allowed)));
    }
    return value;
  }

  public int number(String name, int usual) {
    String value = text(name);
    if (value.isEmpty()) {
      return usual;
    }
    if (!value.matches("[1-9][0-9]{0,8}")) {
      throw new IllegalArgumentException(
          "option '%s' of store '%s' should be a whole number, as %d".formatted(name, url, usual));
    }
    return Integer.parseInt(value);
  }

  private static String decoded(String url, String value) {
    try {
      return URLDecoder.decode(value, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      throw new IllegalArgumentException(
          "option value '%s' of store '%s' should have %%25 for %%".formatted(value, url),
          malformed);
    }
  }

  private static String nearest(String name, List<String> known) {
    return known.stream()
        .min(Comparator.comparingInt(candidate -> distance(name, candidate)))
        .orElse("");
  }

  /// How many letters must be put in, left out or changed (Levenshtein), case aside.
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        char a = Character.toLowerCase(from.charAt(i - 1));
        char b = Character.toLowerCase(to.charAt(j - 1));
        int changed = diagonal + (a == b ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
