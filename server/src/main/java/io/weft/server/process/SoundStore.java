package io.weft.server.process;

import io.weft.environment.Environment;
import io.weft.environment.Outage;
import io.weft.server.settings.SettingException;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.probe.StoreVerdict;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets nobody work on a store that does not keep its promises.
final class SoundStore {
  private static final Logger LOG = LoggerFactory.getLogger(SoundStore.class);
  private static final long PAUSE_MS = 1_000;

  private SoundStore() {}

  /// Waits until the store has answered, which it may do at any time: there is no order of
  /// starting. Says once why it waits, and again when that changes.
  ///
  /// @throws SettingException if the store is not to be trusted, or lets this process do nothing
  static void await(
      OpenStore store,
      BiFunction<ObjectStore, Environment, StoreVerdict> probe,
      Environment environment)
      throws InterruptedException {
    Outage outage = new Outage();
    while (true) {
      try {
        switch (probe.apply(store.retrying(), environment)) {
          case StoreVerdict.Sound() -> {}
          case StoreVerdict.Broken broken ->
              throw new SettingException(
                  "%s is '%s', a store that does not keep what Weft rests on, so acknowledged records could be lost there. %s. Use another store, or a release of it that does."
                      .formatted(store.setting(), store.url(), broken.sentence()));
        }
        return;
      } catch (ObjectStoreException.Rejected refusal) {
        throw store.unusable(refusal);
      } catch (ObjectStoreException.Unavailable e) {
        if (Thread.interrupted()) {
          throw new InterruptedException("asked to end while waiting for a store");
        }
        if (outage.isNews(e.getMessage())) {
          LOG.warn(
              "waiting for the store of {} ({}): {}", store.setting(), store.url(), e.getMessage());
        }
        environment.tasks().sleepMs(PAUSE_MS);
      }
    }
  }
}
