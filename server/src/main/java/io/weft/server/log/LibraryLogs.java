package io.weft.server.log;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// Leads what libraries log the JDK's way (`java.util.logging`: gRPC does) into our own log.
/// Thread-safe.
public final class LibraryLogs extends Handler {
  private final SimpleFormatter formatter = new SimpleFormatter();

  private LibraryLogs() {}

  /// To be called once, before anything is logged: nothing goes another way from here on.
  public static void lead() {
    LogManager.getLogManager().reset();
    java.util.logging.Logger root = LogManager.getLogManager().getLogger("");
    root.setLevel(Level.INFO);
    root.addHandler(new LibraryLogs());
  }

  @Override
  public void publish(LogRecord entry) {
    String name = entry.getLoggerName();
    Logger logger = LoggerFactory.getLogger(name == null || name.isEmpty() ? "jdk" : name);
    LoggingEventBuilder event = logger.atLevel(level(entry.getLevel()));
    String message = formatter.formatMessage(entry);
    event.setCause(entry.getThrown()).log(message == null ? "" : message);
  }

  private static org.slf4j.event.Level level(Level level) {
    if (level.intValue() >= Level.SEVERE.intValue()) {
      return org.slf4j.event.Level.ERROR;
    }
    if (level.intValue() >= Level.WARNING.intValue()) {
      return org.slf4j.event.Level.WARN;
    }
    return level.intValue() >= Level.INFO.intValue()
        ? org.slf4j.event.Level.INFO
        : org.slf4j.event.Level.DEBUG;
  }

  @Override
  public void flush() {}

  @Override
  public void close() {}
}
