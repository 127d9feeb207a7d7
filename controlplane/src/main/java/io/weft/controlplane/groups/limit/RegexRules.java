package io.weft.controlplane.groups.limit;

import java.util.Optional;

/// Which regular expressions a member may subscribe to: the leader, who compiles them, must be kept
/// busy by none, nor run out of stack. Whether it is one at all is for who compiles it to say.
/// Stateless.
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
          "SubscribedTopicRegex has %d characters; %d are allowed."
              .formatted(regex.length(), CHARS_MAX));
    }
    return RegexParts.of(regex) > PARTS_MAX
        ? Optional.of(
            "SubscribedTopicRegex has more than %d parts with all its repetitions written out."
                .formatted(PARTS_MAX))
        : Optional.empty();
  }
}
