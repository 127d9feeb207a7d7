package io.weft.simulated;

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.SecureRandomSpi;
import java.security.Security;
import java.util.List;
import java.util.Map;

/// What the JDK's own classes draw by chance, and with them Kafka's: in a world it comes from the
/// world's seed, elsewhere from where it always comes from. It is for `UUID.randomUUID()`, by which
/// Kafka's coordinator names the members of classic groups.
final class SimulatedChance extends Provider {
  private static final long serialVersionUID = 1L;
  private static final String NAME = "WeftSimulated";
  private static final String ALGORITHM = "Simulated";

  private SimulatedChance() {
    super(NAME, "1", "chance from a seed");
    putService(
        new Service(
            this,
            "SecureRandom",
            ALGORITHM,
            Drawing.class.getName(),
            List.of(),
            // Otherwise it is drawn under a monitor, for which worlds would wait.
            Map.of("ThreadSafe", "true")) {
          @Override
          public Object newInstance(Object parameter) {
            return new Drawing();
          }
        });
  }

  /// To be called before the first UUID of the process is made.
  static void install() {
    if (Security.getProvider(NAME) == null) {
      Security.insertProviderAt(new SimulatedChance(), 1);
    }
  }

  private static final class Drawing extends SecureRandomSpi {
    private static final long serialVersionUID = 1L;

    private final SecureRandom real;

    private Drawing() {
      try {
        real = SecureRandom.getInstance("NativePRNGNonBlocking");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    protected void engineSetSeed(byte[] seed) {
      // A world has its own.
    }

    @Override
    protected void engineNextBytes(byte[] bytes) {
      SimulatedWorld world = SimulatedWorld.LIVES_IN.get();
      if (world == null) {
        real.nextBytes(bytes);
        return;
      }
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) world.randomness().nextInt(256);
      }
    }

    @Override
    protected byte[] engineGenerateSeed(int count) {
      byte[] seed = new byte[count];
      engineNextBytes(seed);
      return seed;
    }
  }
}
