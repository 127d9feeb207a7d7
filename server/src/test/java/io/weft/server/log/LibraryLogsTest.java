package io.weft.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.logging.LogManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class LibraryLogsTest {
  private static final String LIBRARY = "some.library.Transport";

  private final Logger logger = (Logger) LoggerFactory.getLogger(LIBRARY);
  private final ListAppender<ILoggingEvent> heard = new ListAppender<>();

  @BeforeEach
  void listen() {
    heard.start();
    logger.setAdditive(false);
    logger.addAppender(heard);
    LibraryLogs.lead();
  }

  @AfterEach
  void stop() {
    logger.detachAppender(heard);
    logger.setAdditive(true);
  }

  @Test
  void whatALibraryLogsTheJdksWayComesIntoOurLog() {
    Exception thrown = new IllegalStateException("bad frame");
    java.util.logging.Logger library = java.util.logging.Logger.getLogger(LIBRARY);
    library.log(java.util.logging.Level.WARNING, "Stream {0} failed", 7);
    library.log(java.util.logging.Level.SEVERE, "broken", thrown);
    library.log(java.util.logging.Level.FINE, "detail");
    assertThat(heard.list).hasSize(2);
    assertThat(heard.list.getFirst().getFormattedMessage()).isEqualTo("Stream 7 failed");
    assertThat(heard.list.getFirst().getLevel()).isEqualTo(Level.WARN);
    assertThat(heard.list.getLast().getLevel()).isEqualTo(Level.ERROR);
    assertThat(heard.list.getLast().getThrowableProxy().getMessage()).isEqualTo("bad frame");
  }

  @Test
  void nothingGoesAnotherWay() {
    assertThat(LogManager.getLogManager().getLogger("").getHandlers())
        .singleElement()
        .isInstanceOf(LibraryLogs.class);
  }
}
