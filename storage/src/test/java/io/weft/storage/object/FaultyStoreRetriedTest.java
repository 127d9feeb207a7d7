package io.weft.storage.object;

import io.weft.environment.Environment;
import java.util.Map;

/// A store that often fails, within one that retries, does what every store does.
final class FaultyStoreRetriedTest extends ObjectStoreContract {
  private static final long SEED = 20_251;
  private static final RetrySettings SETTINGS = new RetrySettings(16, 1, 2, 60_000, 10, 10_000);

  @Override
  protected ObjectStore open() {
    Environment system = Environment.system();
    Environment seeded =
        new Environment(
            system.clock(), system.tasks(), new ManualEnvironment(SEED).environment().randomness());
    FaultRates rates =
        new FaultRates(
            Map.of(
                StoreFault.UNAVAILABLE, 100_000,
                StoreFault.BURST, 30_000,
                StoreFault.ANSWER_LOST, 200_000,
                StoreFault.SHORT_READ, 200_000),
            3,
            0,
            0);
    ObjectStore faulty = new FaultyObjectStore(new MemoryObjectStore(), rates, seeded);
    return new RetryingObjectStore(
        new MeasuringObjectStore(faulty, "files", seeded), SETTINGS, seeded);
  }

  /// After an attempt of unknown outcome a refusal is `Unavailable`.
  @Override
  protected boolean checksCrc() {
    return false;
  }
}
