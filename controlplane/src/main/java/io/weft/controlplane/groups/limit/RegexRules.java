package io.weft.controlplane.groups.limit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// Which regular expressions a member may subscribe to: the leader must not be kept busy by one.
/// Whether it is one at all is for who compiles it to say. Stateless.
public final class RegexRules {
  public static final int CHARS_MAX = 1_000;

  /// Parts, when all counted repetitions are written out: `(ab){3}` has six.
  public static final int PARTS_MAX = 10_000;

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
    return parts(regex) > PARTS_MAX
        ? Optional.of("SubscribedTopicRegex repeats too much.")
        : Optional.empty();
  }

  /// One level of brackets, as far as it has been read.
  private static final class Level {
    private long parts;
    private long last;

    void add(long atom) {
      parts = Math.min(Integer.MAX_VALUE, parts + atom);
      last = atom;
    }

    void repeat(long times) {
      long repeated = Math.min(Integer.MAX_VALUE, last * times);
      add(repeated - last);
      last = repeated;
    }
  }

  public static long parts(String regex) {
    Deque<Level> levels = new ArrayDeque<>();
    levels.push(new Level());
    int at = 0;
    while (at < regex.length()) {
      char next = regex.charAt(at);
      switch (next) {
        case '(' -> levels.push(new Level());
        case ')' -> {
          if (levels.size() > 1) {
            long inner = levels.pop().parts;
            levels.element().add(inner + 1);
          }
        }
        case '{' -> levels.element().repeat(times(regex, at));
        case '*', '+', '?' -> {}
        default -> levels.element().add(1);
      }
      at = next == '{' ? afterCount(regex, at) : at + (next == '\\' ? 2 : 1);
    }
    long open = 0;
    for (Level level : levels) {
      open += level.parts;
    }
    return open;
  }

  private static int afterCount(String regex, int at) {
    int end = regex.indexOf('}', at);
    return isCount(regex, at, end) ? end + 1 : at + 1;
  }

  private static boolean isCount(String regex, int at, int end) {
    return end > at && regex.substring(at + 1, end).matches("[0-9]{1,9}(,[0-9]{0,9})?");
  }

  /// The larger number of a counted repetition that begins here; 1 if none does.
  private static long times(String regex, int at) {
    int end = regex.indexOf('}', at);
    if (!isCount(regex, at, end)) {
      return 1;
    }
    String inside = regex.substring(at + 1, end);
    int comma = inside.indexOf(',');
    String least = comma < 0 ? inside : inside.substring(0, comma);
    String most = comma < 0 || comma == inside.length() - 1 ? least : inside.substring(comma + 1);
    return Math.max(1, Math.max(Long.parseLong(least), Long.parseLong(most)));
  }
}
