package io.weft.model;

import java.util.Optional;

/// Which regular expressions of clients are taken (RE2's): whoever compiles and matches them must
/// be kept busy by none, nor run out of stack. Whether it is one at all is for who compiles it to
/// say. Stateless.
public final class RegexRules {
  public static final int CHARS_MAX = 1_000;

  /// Parts, when all counted repetitions are written out ([RegexParts]). Compiling and matching
  /// take stack for each: for so many, half of a thread's.
  public static final int PARTS_MAX = 1_000;

  private RegexRules() {}

  /// @param regex may be null, which is none
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
