package io.weft.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LogLineTest {
  private static final String OURS = "io.weft.agent.api.KafkaApi";
  private static final String FOREIGN = "io.grpc.netty.NettyServerHandler";

  private final LoggerContext context = new LoggerContext();
  private final LogLine layout = new LogLine();
  private long nowMs = 1_700_000_000_000L;

  /// As a client may call itself: to forge a line, to move the cursor, to turn what follows.
  @Test
  void aHostileClientIdStaysInItsLine() {
    String id = "me\r\n2026-01-01 ERROR forged\u001b[2J\u0000\u0085\u2028\u2029\u202e\ud800\u007f";
    String written = line(OURS, Level.WARN, "{} not answered", null, id);
    assertThat(written)
        .endsWith(
            "me\\r\\n2026-01-01 ERROR forged\\u001b[2J\\u0000\\u0085\\u2028\\u2029\\u202e\\ud800"
                + "\\u007f not answered\n");
    assertThat(written.lines()).hasSize(1);
  }

  @Test
  void whatPeopleWriteStaysAsItIs() {
    assertThat(line(OURS, Level.INFO, "topic {}", null, "größe-データ-🐘 \\n"))
        .endsWith("topic größe-データ-🐘 \\n\n");
  }

  @Test
  void aLineHasTimeLevelThreadLoggerAndMessage() {
    assertThat(line(OURS, Level.WARN, "{} is {}", null, 1, "it"))
        .matches(
            "\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}[.]\\d{3}\\S+ WARN  \\[.+] "
                + "io.weft.agent.api.KafkaApi 1 is it\n");
  }

  @Test
  void theMessageOfAnExceptionIsMadePlainAndItsFramesHaveLinesOfTheirOwn() {
    Exception cause = new RuntimeException("second\u2028forged");
    Exception thrown = new IllegalStateException("first\nforged", cause);
    // How deep the runner's own calls are depends on chance, and many frames are cut.
    for (Exception each : List.of(thrown, cause)) {
      each.setStackTrace(Arrays.copyOf(each.getStackTrace(), 3));
    }
    String written = line(OURS, Level.ERROR, "failed", thrown);
    assertThat(written.lines())
        .anyMatch(text -> text.equals("java.lang.IllegalStateException: first\\nforged"))
        .anyMatch(text -> text.equals("Caused by: java.lang.RuntimeException: second\\u2028forged"))
        .allMatch(text -> text.matches("(\\d{4}-|\tat |java\\.|Caused by: ).*"));
    assertThat(written).contains("LogLineTest.theMessageOfAnException").endsWith("\n");
  }

  @Test
  void aThreadsNameIsMadePlain() {
    LoggingEvent event = event(OURS, Level.INFO, "text", null);
    event.setThreadName("client-\nforged");
    assertThat(layout.doLayout(event).lines()).hasSize(1);
  }

  @Test
  void aLongMessageIsCutAndSaysByHowMuch() {
    String written = line(OURS, Level.INFO, "{}", null, "x".repeat(100_000));
    assertThat(written)
        .endsWith("… (" + (100_000 - LogLine.MESSAGE_CHARS_MAX) + " characters more)\n");
    assertThat(written.length()).isLessThan(LogLine.MESSAGE_CHARS_MAX + 200);
  }

  /// Each bad frame that a peer sends is worth an exception to the library.
  @Test
  void whatALibrarySaysOverAndOverIsOneLineAMinuteWithoutFrames() {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      nowMs += 5;
      all.append(
          line(FOREIGN, Level.WARN, "Stream Error " + i, new IllegalStateException("bad " + i)));
    }
    assertThat(all.toString().lines())
        .singleElement()
        .asString()
        .endsWith("Stream Error 0: java.lang.IllegalStateException: bad 0");
    nowMs += LineThrottle.WINDOW_MS;
    assertThat(line(FOREIGN, Level.WARN, "again", new IllegalStateException("bad")).lines())
        .hasSize(2)
        .first()
        .asString()
        .contains("In the last minute 9999 more like this: WARN " + FOREIGN);
  }

  @Test
  void ourOwnKindsAreCountedEachForItself() {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 1_000; i++) {
      all.append(line(OURS, Level.WARN, "file {} cannot be read", null, i));
      all.append(line(OURS, Level.WARN, "file {} is gone", null, i));
    }
    assertThat(all.toString().lines()).hasSize(2 * LogLine.OWN_LINES_MAX);
  }

  @Test
  void theFramesOfOneExceptionOfAKindAreShownInAMinute() {
    Exception thrown = new IllegalStateException("a bug");
    assertThat(line(OURS, Level.ERROR, "failed", thrown).lines().count()).isGreaterThan(2);
    assertThat(line(OURS, Level.ERROR, "failed", thrown).lines())
        .singleElement()
        .asString()
        .endsWith("failed: java.lang.IllegalStateException: a bug");
    nowMs += LineThrottle.WINDOW_MS;
    assertThat(line(OURS, Level.ERROR, "failed", thrown).lines().count()).isGreaterThan(2);
  }

  @Test
  void kindsOfAnyNumberTakeNoMoreThanSoMuch() {
    LineThrottle throttle = new LineThrottle();
    for (int i = 0; i < 3 * LineThrottle.KINDS_MAX; i++) {
      throttle.shows("kind " + i, 0, 0);
    }
    List<LineThrottle.Hidden> hidden = throttle.over(LineThrottle.WINDOW_MS);
    assertThat(hidden).hasSize(LineThrottle.KINDS_MAX);
    assertThat(throttle.over(LineThrottle.WINDOW_MS)).isEmpty();
  }

  private String line(
      String logger, Level level, String message, Throwable thrown, Object... values) {
    return layout.doLayout(event(logger, level, message, thrown, values));
  }

  private LoggingEvent event(
      String logger, Level level, String message, Throwable thrown, Object... values) {
    LoggingEvent event =
        new LoggingEvent(
            LogLineTest.class.getName(), context.getLogger(logger), level, message, thrown, values);
    event.setTimeStamp(nowMs);
    return event;
  }
}
