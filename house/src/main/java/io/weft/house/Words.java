package io.weft.house;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/// Turns of phrase that a native reader stumbles over, and what to write instead. Looked for in
/// comments.
final class Words {
  private static final List<Turn> TURNS =
      List.of(
          new Turn("(^|[.!?:;] )Who\\b", "name the actor: the client that, a thread that"),
          new Turn("\\b(for|to|by|of|from|than) who\\b", "name the actor: a reader that"),
          new Turn("(?i)\\bwhoever\\b", "name the actor: the process that, a caller that"),
          new Turn("\\bto be had\\b", "say available, or who gives it"),
          new Turn("\\bmade so\\b", "say what was done"),
          new Turn("\\b(that|if it) is none\\b", "say not a valid …, or no …"),
          new Turn("\\bsuch a one\\b", "repeat the noun"),
          new Turn("\\ba \\w+ of (its|his|theirs)\\b(?! \\w)", "say one of its …"));

  private record Turn(Pattern pattern, String instead) {
    Turn(String pattern, String instead) {
      this(Pattern.compile(pattern), instead);
    }
  }

  private Words() {}

  static List<Violation> check(Collection<SourceUnit> sources) {
    List<Violation> violations = new ArrayList<>();
    for (SourceUnit source : sources) {
      for (String comment : source.comments()) {
        for (Turn turn : TURNS) {
          if (turn.pattern().matcher(comment).find()) {
            violations.add(
                new Violation(
                    source.path().toString(), "\"%s\": %s".formatted(comment, turn.instead())));
          }
        }
      }
    }
    return violations;
  }
}
