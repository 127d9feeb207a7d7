package io.weft.model;

import java.util.Optional;

/// Which regular expressions of clients are accepted (RE2's): none may keep the thread that
/// compiles and matches it busy for long, or make it run out of stack. Whether a text is a regular
/// expression at all is found out by the code that compiles it. Stateless.
public final class RegexRules {
  public static final int CHARS_MAX = 1_000;

  /// Parts, when all counted repetitions are written out ([RegexParts]). Compiling and matching
  /// take stack for each: for so many, half of a thread's.
  public static final int PARTS_MAX = 1_000;

  private RegexRules() {}

  /// @param regex may be null, which is not a valid expression
  /// @return what is wrong with it
  public static Optional<String> faultOf(String regex) {
    if (regex == null) {
      return Optional.empty();
    }
    if (regex.length() > CHARS_MAX) {
      return Optional.of(
          "The regular expression has %d characters; %d are allowed."
              .formatted(regex.length(), CHARS_MAX));
    }
    return RegexParts.of(regex) > PARTS_MAX
        ? Optional.of(
            "The regular expression has more than %d parts with all its repetitions written out."
                .formatted(PARTS_MAX))
        : Optional.empty();
  }
}
