package io.weft.server.log;

/// Text that may come from anybody, made fit for one line of a log. Stateless.
final class Plain {
  private static final String HEX = "0123456789abcdef";

  private Plain() {}

  /// Writes what cannot be seen as escapes: control characters, line separators, characters that
  /// turn the direction of what follows, halves of pairs. A backslash stays as it is.
  static void append(String text, int charsMax, StringBuilder out) {
    int end = Math.min(text.length(), charsMax);
    for (int at = 0; at < end; ) {
      int point = text.codePointAt(at);
      at += Character.charCount(point);
      if (isPlain(point)) {
        out.appendCodePoint(point);
      } else {
        escape(point, out);
      }
    }
    if (end < text.length()) {
      out.append("… (").append(text.length() - end).append(" characters more)");
    }
  }

  private static boolean isPlain(int point) {
    return switch (Character.getType(point)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }

  private static void escape(int point, StringBuilder out) {
    switch (point) {
      case '\n' -> out.append("\\n");
      case '\r' -> out.append("\\r");
      case '\t' -> out.append("\\t");
      default -> {
        boolean isShort = point <= 0xFFFF;
        out.append(isShort ? "\\u" : "\\U");
        for (int shift = isShort ? 12 : 20; shift >= 0; shift -= 4) {
          out.append(HEX.charAt((point >>> shift) & 0xF));
        }
      }
    }
  }
}
