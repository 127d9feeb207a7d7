package io.weft.history;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Writes a history to a file, one event a line as [EventLine] says, and each at once: a harness
/// that crashes leaves what it has seen. Owned by one thread at a time.
public final class HistoryWriter implements Consumer<Event>, AutoCloseable {
  private final BufferedWriter out;

  /// Replaces a file that is there.
  public HistoryWriter(Path file) {
    try {
      out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// @throws UncheckedIOException if the disk does not take it
  @Override
  public void accept(Event event) {
    try {
      out.append(EventLine.format(event)).append('\n').flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
