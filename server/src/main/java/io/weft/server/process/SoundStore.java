package io.weft.server.process;

import io.weft.environment.Environment;
import io.weft.server.settings.SettingException;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.StorePurpose;
import io.weft.storage.object.probe.StoreVerdict;
import java.util.function.BiFunction;

/// Lets nobody work on a store that does not keep its promises.
final class SoundStore {
  private SoundStore() {}

  /// Waits until the store has answered ([FirstAnswer]).
  ///
  /// @throws SettingException if the store is not to be trusted, or lets this process do nothing
  static void await(
      OpenStore store,
      BiFunction<ObjectStore, Environment, StoreVerdict> probe,
      Environment environment)
      throws InterruptedException {
    StoreVerdict verdict;
    try {
      verdict =
          FirstAnswer.ofStore(
              store.name(),
              environment,
              _ -> probe.apply(store.retrying().usedFor(StorePurpose.PROBE), environment));
    } catch (ObjectStoreException.Rejected refusal) {
      throw store.unusable(refusal);
    }
    switch (verdict) {
      case StoreVerdict.Sound() -> {}
      case StoreVerdict.Broken broken ->
          throw new SettingException(
              "%s is '%s', a store that does not keep what Weft rests on, so acknowledged records could be lost there. %s. Use another store, or a release of it that does."
                  .formatted(store.setting(), store.url(), broken.sentence()));
    }
  }
}
