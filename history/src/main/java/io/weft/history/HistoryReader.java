package io.weft.history;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/// Reads what a [HistoryWriter] has written.
public final class HistoryReader {
  private static final int LINE_CHARS_FIRST = 1 << 10;

  private HistoryReader() {}

  /// A last line that was not written to its end is left out: its writer was killed there.
  ///
  /// @throws MalformedHistoryException at a line that is not an event
  public static History read(Path file) throws IOException {
    HistoryBuilder builder = new HistoryBuilder();
    read(file, builder);
    return builder.history();
  }

  /// Gives every event to `sink`, in order; nothing is kept.
  public static void read(Path file, Consumer<Event> sink) throws IOException {
    try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
      long number = 1;
      for (Optional<String> line = next(in); line.isPresent(); line = next(in)) {
        try {
          sink.accept(EventLine.parse(line.get()));
        } catch (IllegalArgumentException e) {
          throw new MalformedHistoryException(
              "%s, line %d: %s".formatted(file, number, e.getMessage()));
        }
        number++;
      }
    }
  }

  /// @return empty at the end, or where the last line breaks off
  private static Optional<String> next(BufferedReader in) throws IOException {
    StringBuilder line = new StringBuilder(LINE_CHARS_FIRST);
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (c == '\n') {
        return Optional.of(line.toString());
      }
      if (line.length() == EventLine.CHARS_MAX) {
        throw new MalformedHistoryException("a line of more than " + EventLine.CHARS_MAX);
      }
      line.append((char) c);
    }
    return Optional.empty();
  }

  /// The file is no history.
  public static final class MalformedHistoryException extends IOException {
    MalformedHistoryException(String message) {
      super(message);
    }
  }
}
