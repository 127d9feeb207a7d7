package io.weft.server.process;

import io.weft.environment.Environment;
import io.weft.environment.Outage;
import io.weft.server.metrics.Readiness;
import io.weft.storage.object.ObjectStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Waits at a process's start until a store has answered once.
///
/// What no waiting mends (no such bucket, wrong keys, none, another region) ends the start: it is a
/// setting's mistake. What may pass (nobody listens, no such host yet, 503) is waited for.
final class FirstAnswer {
  private static final Logger LOG = LoggerFactory.getLogger(FirstAnswer.class);
  private static final long PAUSE_MS = 1_000;

  private FirstAnswer() {}

  /// @throws io.weft.server.settings.SettingException if the store refuses, with what is to be
  ///   mended
  static void await(OpenStore store, Readiness readiness, Environment environment)
      throws InterruptedException {
    String name = "the store of %s (%s)".formatted(store.setting(), store.url());
    readiness.waitFor(name);
    Outage outage = new Outage();
    while (true) {
      try {
        store.attempts().list("", "", 1);
        if (outage.ends()) {
          LOG.info("{} answers", name);
        }
        return;
      } catch (ObjectStoreException.Rejected | ObjectStoreException.NoCredentials e) {
        throw store.unusable(e);
      } catch (ObjectStoreException.Unavailable e) {
        if (Thread.interrupted()) {
          throw new InterruptedException(e.getMessage());
        }
        if (outage.isNews(e.getMessage())) {
          LOG.warn("waiting for {}: {}", name, e.getMessage());
        }
        environment.tasks().sleepMs(PAUSE_MS);
      }
    }
  }
}
