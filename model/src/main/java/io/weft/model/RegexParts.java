package io.weft.model;

import java.util.ArrayDeque;
import java.util.Deque;

/// Counts the parts of a regular expression (RE2's syntax) without compiling it: characters,
/// classes, brackets and repetitions, with counted repetitions written out. `(ab?){3}` has twelve:
/// three times two characters, a repetition and the brackets. Never too few for a valid expression;
/// for an invalid one, any number. Owned by one thread.
final class RegexParts {
  private static final long MANY = Integer.MAX_VALUE;

  private final String regex;
  private final Deque<Level> levels = new ArrayDeque<>();
  private int at;

  private RegexParts(String regex) {
    this.regex = regex;
    levels.push(new Level());
  }

  /// One level of brackets, as far as it has been read.
  private static final class Level {
    private long parts;

    /// Of what a repetition would repeat.
    private long last;

    void add(long atom) {
      parts = Math.min(MANY, parts + atom);
      last = atom;
    }

    void repeat(long least, long most) {
      // What may be left out is nested: each time with a choice around the rest.
      long repeated = Math.min(MANY, last * Math.max(1, most) + Math.max(0, most - least));
      parts = Math.min(MANY, parts - last + repeated);
      last = repeated;
    }
  }

  static long of(String regex) {
    RegexParts parts = new RegexParts(regex);
    while (parts.at < regex.length()) {
      parts.readNext();
    }
    return parts.levels.stream().mapToLong(level -> level.parts).sum();
  }

  private void readNext() {
    char next = regex.charAt(at);
    switch (next) {
      case '(' -> readOpening();
      case ')' -> readClosing();
      case '[' -> readClass();
      case '\\' -> readEscape();
      case '{' -> readCount();
      case '*', '+', '?' -> {
        levels.element().repeat(1, 1);
        levels.element().last++;
        levels.element().parts++;
        at++;
      }
      default -> readOne(1);
    }
  }

  private void readOne(int chars) {
    levels.element().add(1);
    at += chars;
  }

  private void readOpening() {
    int after = at + 1;
    if (regex.startsWith("(?", at)) {
      int end = at + 2;
      while (end < regex.length() && ":)<".indexOf(regex.charAt(end)) < 0) {
        end++;
      }
      char last = end < regex.length() ? regex.charAt(end) : ':';
      if (last == ')') {
        // Flags alone: a repetition behind them is one of what stood before them.
        levels.element().parts++;
        at = end + 1;
        return;
      }
      int named = last == '<' ? regex.indexOf('>', end) : end;
      after = named < 0 ? regex.length() : Math.min(regex.length(), named + 1);
    }
    levels.push(new Level());
    at = after;
  }

  private void readClosing() {
    if (levels.size() > 1) {
      long inner = levels.pop().parts;
      levels.element().add(inner + 1);
    }
    at++;
  }

  private void readClass() {
    int end = at + (regex.startsWith("[^", at) ? 2 : 1);
    int first = end;
    while (end < regex.length() && (regex.charAt(end) != ']' || end == first)) {
      int named = regex.startsWith("[:", end) ? regex.indexOf(":]", end + 2) : -1;
      if (named >= 0) {
        end = named + 2;
      } else {
        end += regex.charAt(end) == '\\' ? 2 : 1;
      }
    }
    readOne(end + 1 - at);
  }

  private void readEscape() {
    char escaped = at + 1 < regex.length() ? regex.charAt(at + 1) : '\\';
    if (escaped == 'Q') {
      int end = regex.indexOf("\\E", at + 2);
      int chars = (end < 0 ? regex.length() : end) - at - 2;
      for (int i = 0; i < chars; i++) {
        levels.element().add(1);
      }
      at = end < 0 ? regex.length() : end + 2;
    } else if ("pPx".indexOf(escaped) >= 0 && regex.startsWith("{", at + 2)) {
      int end = regex.indexOf('}', at);
      readOne((end < 0 ? regex.length() : end + 1) - at);
    } else {
      readOne(2);
    }
  }

  private void readCount() {
    int end = regex.indexOf('}', at);
    if (end < 0 || !regex.substring(at + 1, end).matches("[0-9]{1,9}(,[0-9]{0,9})?")) {
      readOne(1);
      return;
    }
    String inside = regex.substring(at + 1, end);
    int comma = inside.indexOf(',');
    long least = Long.parseLong(comma < 0 ? inside : inside.substring(0, comma));
    boolean open = comma < 0 || comma == inside.length() - 1;
    levels
        .element()
        .repeat(
            least,
            open ? least + (comma < 0 ? 0 : 1) : Long.parseLong(inside.substring(comma + 1)));
    at = end + 1;
  }
}
