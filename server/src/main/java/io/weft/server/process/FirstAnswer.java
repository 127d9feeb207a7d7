package io.weft.server.process;

import io.weft.environment.Environment;
import io.weft.environment.Outage;
import io.weft.server.metrics.Readiness;
import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.StorePurpose;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Waits at a process's start until what it needs has answered once, which it may do at any time:
/// there is no order of starting. Says why it waits, again when that changes, and when it is over.
///
/// What no waiting mends (no such bucket, wrong keys, none, another region) ends the start: it is a
/// setting's mistake. What may pass (nobody listens, no such host yet, 503) is waited for.
final class FirstAnswer {
  private static final Logger LOG = LoggerFactory.getLogger(FirstAnswer.class);
  private static final long PAUSE_MS = 500;

  private FirstAnswer() {}

  /// Asks for it.
  ///
  /// @param <T> what is answered
  interface Question<T> {
    /// @param first whether it has not been asked before
    T ask(boolean first) throws InterruptedException;
  }

  /// @throws io.weft.server.settings.SettingException if the store refuses, with what is to be
  ///   mended
  static void await(OpenStore store, Readiness readiness, Environment environment)
      throws InterruptedException {
    readiness.waitFor(store.name());
    ofStore(store.name(), environment, _ -> look(store));
  }

  private static List<ObjectInfo> look(OpenStore store) {
    try {
      return store.attempts().usedFor(StorePurpose.PROBE).list("", "", 1);
    } catch (ObjectStoreException.Rejected | ObjectStoreException.NoCredentials e) {
      throw store.unusable(e);
    }
  }

  /// As [#of], from a store.
  static <T> T ofStore(String name, Environment environment, Question<T> question)
      throws InterruptedException {
    return of(name, ObjectStoreException.Unavailable.class, environment, question);
  }

  /// @param name of the process that is asked, for people
  /// @param passing how the question fails where it is to be asked again
  static <T> T of(
      String name,
      Class<? extends RuntimeException> passing,
      Environment environment,
      Question<T> question)
      throws InterruptedException {
    Outage outage = new Outage();
    boolean first = true;
    while (true) {
      try {
        T answer = question.ask(first);
        if (outage.ends()) {
          LOG.info("{} answers", name);
        }
        return answer;
      } catch (RuntimeException e) {
        if (!passing.isInstance(e)) {
          throw e;
        }
        if (Thread.interrupted()) {
          throw new InterruptedException(e.getMessage());
        }
        if (outage.isNews(e.getMessage())) {
          LOG.warn("waiting for {}: {}", name, e.getMessage());
        }
      }
      first = false;
      environment.tasks().sleepMs(PAUSE_MS);
    }
  }
}
