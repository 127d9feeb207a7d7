package io.weft.agent.api.credentials;

import io.weft.controlplane.api.admin.ScramCredentials.Mechanism;
import java.util.Optional;
import org.apache.kafka.clients.admin.ScramMechanism;

/// Kafka's numbers of SCRAM mechanisms. Stateless.
final class Mechanisms {
  private Mechanisms() {}

  static byte code(Mechanism mechanism) {
    return switch (mechanism) {
      case SHA_256 -> ScramMechanism.SCRAM_SHA_256.type();
      case SHA_512 -> ScramMechanism.SCRAM_SHA_512.type();
    };
  }

  static Optional<Mechanism> of(byte code) {
    for (Mechanism mechanism : Mechanism.values()) {
      if (code(mechanism) == code) {
        return Optional.of(mechanism);
      }
    }
    return Optional.empty();
  }
}
