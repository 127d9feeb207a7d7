package io.weft.server.log;

import ch.qos.logback.classic.pattern.TargetLengthBasedClassNameAbbreviator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/// One event as it stands in the log:
///
///     time level [thread] logger message
///         exception's frames, if this program itself threw it
///
/// Everything that may hold text of others is made plain. Of our own messages ten of a kind are
/// shown in a minute, with the frames of one; of a library's one, and no frames: those can be
/// provoked at will, and say nothing that its class and message do not. What was left out is
/// counted, and said once the minute is over.
///
/// Named in `logback.xml`. Thread-safe.
public final class LogLine extends LayoutBase<ILoggingEvent> {
  static final int OWN_LINES_MAX = 10;
  static final int FOREIGN_LINES_MAX = 1;
  static final int MESSAGE_CHARS_MAX = 8_192;

  private static final String OURS = "io.weft.";
  private static final int LOGGER_CHARS = 36;
  private static final int NAME_CHARS_MAX = 200;
  private static final int CAUSES_MAX = 8;
  private static final int FRAMES_MAX = 60;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX", Locale.ROOT)
          .withZone(ZoneId.systemDefault());

  private final TargetLengthBasedClassNameAbbreviator abbreviator =
      new TargetLengthBasedClassNameAbbreviator(LOGGER_CHARS);
  private final LineThrottle lines = new LineThrottle();
  private final LineThrottle traces = new LineThrottle();

  @Override
  public String doLayout(ILoggingEvent event) {
    StringBuilder out = new StringBuilder();
    long nowMs = event.getTimeStamp();
    for (LineThrottle.Hidden hidden : lines.over(nowMs)) {
      begin(event, out);
      out.append("In the last minute ").append(hidden.lines()).append(" more like this: ");
      Plain.append(hidden.kind(), NAME_CHARS_MAX, out);
      out.append('\n');
    }
    traces.over(nowMs);
    boolean own = event.getLoggerName().startsWith(OURS);
    String kind = kind(event, own);
    if (!lines.shows(kind, own ? OWN_LINES_MAX : FOREIGN_LINES_MAX, nowMs)) {
      return out.toString();
    }
    begin(event, out);
    String message = event.getFormattedMessage();
    Plain.append(message == null ? "" : message, MESSAGE_CHARS_MAX, out);
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      if (own && traces.shows(kind, 1, nowMs)) {
        out.append('\n');
        trace(thrown, out);
        return out.toString();
      }
      for (int i = 0; thrown != null && i < CAUSES_MAX; i++, thrown = thrown.getCause()) {
        out.append(": ");
        describe(thrown, out);
      }
    }
    return out.append('\n').toString();
  }

  /// What a library's message says may hold anything: it is no part of its kind.
  private static String kind(ILoggingEvent event, boolean own) {
    IThrowableProxy thrown = event.getThrowableProxy();
    return "%s %s %s"
        .formatted(
            event.getLevel(),
            event.getLoggerName(),
            own ? event.getMessage() : thrown == null ? "" : thrown.getClassName());
  }

  private void begin(ILoggingEvent event, StringBuilder out) {
    out.append(TIME.format(Instant.ofEpochMilli(event.getTimeStamp()))).append(' ');
    out.append("%-5s".formatted(event.getLevel())).append(" [");
    Plain.append(event.getThreadName(), NAME_CHARS_MAX, out);
    out.append("] ");
    Plain.append(abbreviator.abbreviate(event.getLoggerName()), NAME_CHARS_MAX, out);
    out.append(' ');
  }

  private static void trace(IThrowableProxy thrown, StringBuilder out) {
    IThrowableProxy each = thrown;
    for (int i = 0; each != null && i < CAUSES_MAX; i++, each = each.getCause()) {
      out.append(i == 0 ? "" : "Caused by: ");
      describe(each, out);
      out.append('\n');
      StackTraceElementProxy[] frames = each.getStackTraceElementProxyArray();
      int own = frames.length - each.getCommonFrames();
      for (int at = 0; at < Math.min(own, FRAMES_MAX); at++) {
        out.append('\t').append(frames[at].getSTEAsString()).append('\n');
      }
      if (own > FRAMES_MAX) {
        out.append("\t… ").append(own - FRAMES_MAX).append(" more\n");
      }
    }
  }

  private static void describe(IThrowableProxy thrown, StringBuilder out) {
    out.append(thrown.getClassName());
    if (thrown.getMessage() != null) {
      out.append(": ");
      Plain.append(thrown.getMessage(), MESSAGE_CHARS_MAX, out);
    }
  }
}
