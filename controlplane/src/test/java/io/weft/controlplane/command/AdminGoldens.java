package io.weft.controlplane.command;

import io.weft.controlplane.api.admin.ClientQuotas;
import io.weft.controlplane.api.admin.Quorum;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ScramCredentials;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// The administrators' values behind the golden bytes. To be added to, never changed.
final class AdminGoldens {
  private static final ClientQuotas.Entity ENTITY =
      new ClientQuotas.Entity(
          List.of(
              new ClientQuotas.Part(ClientQuotas.EntityType.USER, Optional.of("alice")),
              new ClientQuotas.Part(ClientQuotas.EntityType.CLIENT_ID, Optional.empty())));
  private static final ScramCredentials.Credential CREDENTIAL =
      new ScramCredentials.Credential(
          4_096, new byte[] {1, 2}, new byte[] {3}, new byte[] {4, 5, 6});
  private static final Map<String, String> SETTINGS =
      Map.of("retention.ms", "1000", "cleanup.policy", "compact");

  private AdminGoldens() {}

  static List<Asked<?>> asked() {
    return List.of(
        new Asked<>(
            Command.of(ResourceSettings.class, it -> it.read(ResourceSettings.Kind.GROUP, 3)),
            Optional.of(
                new ResourceSettings.Configured(
                    5, List.of(new ResourceSettings.Resource("g", 4, SETTINGS))))),
        new Asked<>(
            Command.of(
                ResourceSettings.class,
                it -> it.configure(ResourceSettings.Kind.CLIENT_METRICS, "m", 4, SETTINGS)),
            ResourceSettings.ConfigureOutcome.VERSION_CHANGED),
        new Asked<>(
            Command.of(ClientQuotas.class, it -> it.read(-1)),
            Optional.of(
                new ClientQuotas.Quotas(
                    2,
                    List.of(new ClientQuotas.Quota(ENTITY, Map.of("producer_byte_rate", 1.5)))))),
        new Asked<>(
            Command.of(
                ClientQuotas.class,
                it ->
                    it.alter(
                        ENTITY,
                        Map.of(
                            "consumer_byte_rate",
                            OptionalDouble.of(1_024),
                            "producer_byte_rate",
                            OptionalDouble.empty()))),
            ClientQuotas.AlterOutcome.ALTERED),
        new Asked<>(
            Command.of(ScramCredentials.class, it -> it.describe(List.of("alice"))),
            List.of(
                new ScramCredentials.Described(
                    "alice", ScramCredentials.Mechanism.SHA_512, 8_192))),
        new Asked<>(
            Command.of(
                ScramCredentials.class, it -> it.find("alice", ScramCredentials.Mechanism.SHA_256)),
            Optional.of(CREDENTIAL)),
        new Asked<>(
            Command.of(
                ScramCredentials.class,
                it -> it.put("alice", ScramCredentials.Mechanism.SHA_256, CREDENTIAL)),
            ScramCredentials.PutOutcome.PUT),
        new Asked<>(
            Command.of(
                ScramCredentials.class,
                it -> it.remove("alice", ScramCredentials.Mechanism.SHA_512)),
            true),
        new Asked<>(
            Command.of(Quorum.class, it -> it.describe()),
            new Quorum.Status("leader", 3, 400, 1_700_000)));
  }
}
