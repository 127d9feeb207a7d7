package io.weft.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.environment.Environment;
import io.weft.server.metrics.Readiness;
import io.weft.server.settings.SettingException;
import io.weft.storage.object.ObjectStoreException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// What a process does at its start with a store that does not answer well.
class FirstAnswerTest {
  private static final String URL = "s3://b/j";
  private static final String NAME = "the " + URL + " of this test";

  private Logger logger;
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private final Readiness readiness = new Readiness();
  private final FailingStore store = new FailingStore();
  private final List<String> waitedFor = new ArrayList<>();
  private final Environment environment =
      Hasty.environment(() -> waitedFor.add(readiness.missing().orElse("ready")));

  /// While another thread's test is the first to log, there are only stand-ins for a moment.
  private static Logger awaitLogger() throws InterruptedException {
    Environment system = Environment.system();
    long deadlineMs = system.clock().monotonicMs() + 20_000;
    while (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext)) {
      assertThat(system.clock().monotonicMs()).as("still waiting").isLessThan(deadlineMs);
      system.tasks().sleepMs(2);
    }
    return (Logger) LoggerFactory.getLogger(FirstAnswer.class);
  }

  @BeforeEach
  void listen() throws InterruptedException {
    logger = awaitLogger();
    said.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(said);
  }

  @AfterEach
  void listenNoMore() {
    logger.setLevel(null);
    logger.detachAppender(said);
  }

  @Test
  void whatTheStoreRefusesEndsTheStartWithOneSentence() {
    store.failures.add(new ObjectStoreException.Rejected("no such bucket: make it", null));
    assertThatThrownBy(this::await)
        .isInstanceOf(SettingException.class)
        .hasMessage("journal is 's3://b/j', which cannot be used: no such bucket: make it.");
    assertThat(said()).isEmpty();
  }

  @Test
  void noCredentialsEndTheStart() {
    store.failures.add(new ObjectStoreException.NoCredentials("none: set them", null));
    assertThatThrownBy(this::await)
        .isInstanceOf(SettingException.class)
        .hasMessageEndingWith("which cannot be used: none: set them.");
  }

  @Test
  void anOutageIsWaitedForWithOneLineForEachChange() throws Exception {
    for (int i = 0; i < 5; i++) {
      store.failures.add(
          new ObjectStoreException.Unavailable("refused after %d ms".formatted(i), null));
    }
    for (int i = 0; i < 5; i++) {
      store.failures.add(new ObjectStoreException.Unavailable("answered 503", null));
    }

    await();

    assertThat(said())
        .containsExactly(
            "waiting for the store of journal (s3://b/j): refused after 0 ms",
            "waiting for the store of journal (s3://b/j): answered 503",
            "the store of journal (s3://b/j) answers");
    assertThat(waitedFor).hasSize(10).containsOnly("waiting for the store of journal (s3://b/j)");
  }

  @Test
  void onlyWhatMayPassIsWaitedFor() throws Exception {
    List<Boolean> asked = new ArrayList<>();
    FirstAnswer.Question<String> question =
        first -> {
          asked.add(first);
          throw first
              ? new ControlPlaneException.Unavailable("away", null)
              : new ControlPlaneException.Rejected("no");
        };

    assertThatThrownBy(
            () ->
                FirstAnswer.of(
                    NAME, ControlPlaneException.Unavailable.class, environment, question))
        .isInstanceOf(ControlPlaneException.Rejected.class);
    assertThat(asked).containsExactly(true, false);
    assertThat(said()).containsExactly("waiting for the s3://b/j of this test: away");
  }

  @Test
  void whoIsAskedToEndWaitsNoLonger() {
    assertThatThrownBy(
            () ->
                FirstAnswer.ofStore(
                    NAME,
                    environment,
                    _ -> {
                      Thread.currentThread().interrupt();
                      throw new ObjectStoreException.Unavailable("interrupted", null);
                    }))
        .isInstanceOf(InterruptedException.class);
    assertThat(said()).isEmpty();
  }

  /// Not what other tests say meanwhile.
  private List<String> said() {
    return said.list.stream()
        .map(ILoggingEvent::getFormattedMessage)
        .filter(line -> line.contains(URL))
        .toList();
  }

  private void await() throws InterruptedException {
    FirstAnswer.await(new OpenStore("journal", URL, store, store), readiness, environment);
  }
}
