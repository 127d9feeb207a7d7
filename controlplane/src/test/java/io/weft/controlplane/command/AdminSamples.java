package io.weft.controlplane.command;

import io.weft.controlplane.api.admin.ClientQuotas;
import io.weft.controlplane.api.admin.Quorum;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ScramCredentials;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;

/// Administrators' commands with replies, drawn at random.
record AdminSamples(Random random, AskedSamples samples) {
  Asked<?> next(int kind) {
    return switch (kind) {
      case 0 -> readResources();
      case 1 ->
          new Asked<>(
              Command.of(
                  ResourceSettings.class,
                  it ->
                      it.configure(
                          samples.oneOf(ResourceSettings.Kind.values()),
                          samples.text(),
                          samples.number(),
                          samples.settings())),
              samples.oneOf(ResourceSettings.ConfigureOutcome.values()));
      case 2 ->
          new Asked<>(
              Command.of(ClientQuotas.class, it -> it.read(samples.number())),
              samples.below(4) == 0
                  ? Optional.empty()
                  : Optional.of(
                      new ClientQuotas.Quotas(samples.number(), samples.some(5, this::quota))));
      case 3 ->
          new Asked<>(
              Command.of(ClientQuotas.class, it -> it.alter(entity(), quotaChanges())),
              samples.oneOf(ClientQuotas.AlterOutcome.values()));
      case 4 ->
          new Asked<>(
              Command.of(ScramCredentials.class, it -> it.describe(samples.some(4, samples::text))),
              samples.some(
                  5,
                  () ->
                      new ScramCredentials.Described(
                          samples.text(), mechanism(), random.nextInt())));
      case 5 ->
          new Asked<>(
              Command.of(ScramCredentials.class, it -> it.find(samples.text(), mechanism())),
              samples.below(4) == 0 ? Optional.empty() : Optional.of(credential()));
      case 6 ->
          new Asked<>(
              Command.of(
                  ScramCredentials.class, it -> it.put(samples.text(), mechanism(), credential())),
              samples.oneOf(ScramCredentials.PutOutcome.values()));
      case 7 ->
          new Asked<>(
              Command.of(ScramCredentials.class, it -> it.remove(samples.text(), mechanism())),
              random.nextBoolean());
      case 8 ->
          new Asked<>(
              Command.of(Quorum.class, it -> it.describe()),
              new Quorum.Status(
                  samples.text(), samples.number(), samples.number(), samples.number()));
      default -> throw new IllegalArgumentException("kind " + kind);
    };
  }

  private Asked<?> readResources() {
    Optional<ResourceSettings.Configured> reply =
        samples.below(4) == 0
            ? Optional.empty()
            : Optional.of(
                new ResourceSettings.Configured(
                    samples.number(),
                    samples.some(
                        5,
                        () ->
                            new ResourceSettings.Resource(
                                samples.text(), samples.number(), samples.settings()))));
    return new Asked<>(
        Command.of(
            ResourceSettings.class,
            it -> it.read(samples.oneOf(ResourceSettings.Kind.values()), samples.number())),
        reply);
  }

  private ClientQuotas.Quota quota() {
    Map<String, Double> values = new HashMap<>();
    for (int i = samples.below(4); i > 0; i--) {
      values.put(samples.text(), random.nextDouble());
    }
    return new ClientQuotas.Quota(entity(), values);
  }

  private ClientQuotas.Entity entity() {
    List<ClientQuotas.Part> parts = new ArrayList<>();
    int chosen = 1 + samples.below(7);
    for (ClientQuotas.EntityType type : ClientQuotas.EntityType.values()) {
      if ((chosen & (1 << parts.size())) != 0 || type == ClientQuotas.EntityType.IP) {
        parts.add(
            new ClientQuotas.Part(
                type, random.nextBoolean() ? Optional.of(samples.text()) : Optional.empty()));
      }
    }
    return new ClientQuotas.Entity(parts);
  }

  private Map<String, OptionalDouble> quotaChanges() {
    Map<String, OptionalDouble> changes = new HashMap<>();
    for (int i = samples.below(4); i > 0; i--) {
      changes.put(
          samples.text(),
          random.nextBoolean() ? OptionalDouble.of(random.nextDouble()) : OptionalDouble.empty());
    }
    return changes;
  }

  private ScramCredentials.Mechanism mechanism() {
    return samples.oneOf(ScramCredentials.Mechanism.values());
  }

  private ScramCredentials.Credential credential() {
    byte[] salt = new byte[samples.below(30)];
    byte[] key = new byte[samples.below(64)];
    random.nextBytes(salt);
    random.nextBytes(key);
    return new ScramCredentials.Credential(random.nextInt(), salt, key, key.clone());
  }
}
