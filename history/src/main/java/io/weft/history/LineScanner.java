package io.weft.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// Takes one line apart, from left to right; anything unexpected is an [IllegalArgumentException]
/// that says where. Nothing is allocated by what the line announces. Owned by one thread.
final class LineScanner {
  private static final int WORD_CHARS_MAX = 300;
  private static final int NUMBERS_FIRST = 16;

  private final String line;
  private int at;

  LineScanner(String line) {
    this.line = line;
  }

  /// @throws IllegalArgumentException if it cannot be a word of a line
  static void checkWord(String word) {
    if (word.isEmpty()
        || word.length() > WORD_CHARS_MAX
        || !word.chars().allMatch(LineScanner::isWordChar)) {
      throw new IllegalArgumentException("not a key: " + word);
    }
  }

  void expect(String text) {
    check(skip(text), text);
  }

  /// @return whether it was there; it is passed if so
  boolean skip(String text) {
    boolean there = line.startsWith(text, at);
    if (there) {
      at += text.length();
    }
    return there;
  }

  void end() {
    check(at == line.length(), "the end");
  }

  void check(boolean holds, String wanted) {
    if (!holds) {
      throw new IllegalArgumentException("at character %d: not %s".formatted(at, wanted));
    }
  }

  String word() {
    expect("\"");
    int start = at;
    while (at < line.length() && isWordChar(line.charAt(at))) {
      at++;
    }
    String word = line.substring(start, at);
    expect("\"");
    checkWord(word);
    return word;
  }

  int integer() {
    long number = number();
    check(number == (int) number, "an integer");
    return (int) number;
  }

  long number() {
    int start = at;
    if (at < line.length() && line.charAt(at) == '-') {
      at++;
    }
    while (at < line.length() && line.charAt(at) >= '0' && line.charAt(at) <= '9') {
      at++;
    }
    try {
      return Long.parseLong(line, start, at, 10);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("at character %d: no number".formatted(start), e);
    }
  }

  long[] numbers() {
    long[] numbers = new long[NUMBERS_FIRST];
    int count = 0;
    expect("[");
    while (!skip("]")) {
      if (count > 0) {
        expect(",");
      }
      if (count == numbers.length) {
        numbers = Arrays.copyOf(numbers, 2 * count);
      }
      numbers[count++] = number();
    }
    return Arrays.copyOf(numbers, count);
  }

  <T> List<T> list(Function<LineScanner, T> element) {
    List<T> elements = new ArrayList<>();
    expect("[");
    while (!skip("]")) {
      if (!elements.isEmpty()) {
        expect(",");
      }
      elements.add(element.apply(this));
    }
    return elements;
  }

  private static boolean isWordChar(int c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '-';
  }
}
