package io.weft.server.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.weft.environment.Environment;
import io.weft.environment.Tasks;
import io.weft.server.metrics.Readiness;
import io.weft.server.settings.SettingException;
import io.weft.storage.object.MemoryObjectStore;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.PutOutcome;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// What a process does at its start with a store that does not answer well.
class FirstAnswerTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(FirstAnswer.class);
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private final Readiness readiness = new Readiness();
  private final FailingStore store = new FailingStore();
  private final List<String> waitedFor = new ArrayList<>();
  private final Environment environment = withoutWaiting();

  @BeforeEach
  void listen() {
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
    assertThat(said.list).isEmpty();
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

    assertThat(said.list.stream().map(ILoggingEvent::getFormattedMessage))
        .containsExactly(
            "waiting for the store of journal (s3://b/j): refused after 0 ms",
            "waiting for the store of journal (s3://b/j): answered 503",
            "the store of journal (s3://b/j) answers");
    assertThat(waitedFor).hasSize(10).containsOnly("waiting for the store of journal (s3://b/j)");
  }

  private void await() throws InterruptedException {
    FirstAnswer.await(new OpenStore("journal", "s3://b/j", store, store), readiness, environment);
  }

  /// Whoever sleeps goes on at once; what is said meanwhile to those who ask is noted.
  private Environment withoutWaiting() {
    Environment system = Environment.system();
    Tasks tasks =
        new Tasks() {
          @Override
          public Thread start(String name, Runnable body) {
            return system.tasks().start(name, body);
          }

          @Override
          public void sleepMs(long durationMs) {
            waitedFor.add(readiness.missing().orElse("ready"));
          }

          @Override
          public boolean awaitMs(ReentrantLock lock, Condition condition, long timeoutMs)
              throws InterruptedException {
            return system.tasks().awaitMs(lock, condition, timeoutMs);
          }
        };
    return new Environment(system.clock(), tasks, system.randomness());
  }

  /// Fails in the order given, then answers.
  private static final class FailingStore implements ObjectStore {
    private final ObjectStore store = new MemoryObjectStore();
    private final Deque<ObjectStoreException> failures = new ArrayDeque<>();

    private ObjectStore next() {
      if (!failures.isEmpty()) {
        throw failures.poll();
      }
      return store;
    }

    @Override
    public void put(ObjectKey key, ObjectBody body) {
      next().put(key, body);
    }

    @Override
    public PutOutcome putIfAbsent(ObjectKey key, ObjectBody body) {
      return next().putIfAbsent(key, body);
    }

    @Override
    public void read(ObjectKey key, long position, ByteBuffer target) {
      next().read(key, position, target);
    }

    @Override
    public byte[] readAll(ObjectKey key, int lengthMax) {
      return next().readAll(key, lengthMax);
    }

    @Override
    public Optional<ObjectInfo> stat(ObjectKey key) {
      return next().stat(key);
    }

    @Override
    public List<ObjectInfo> list(String prefix, String startAfter, int max) {
      return next().list(prefix, startAfter, max);
    }

    @Override
    public void delete(Collection<ObjectKey> keys) {
      next().delete(keys);
    }

    @Override
    public void close() {}
  }
}
