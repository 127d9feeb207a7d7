package io.weft.controlplane.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.admin.ClientQuotas;
import io.weft.controlplane.api.admin.ClientQuotas.Entity;
import io.weft.controlplane.api.admin.ClientQuotas.EntityType;
import io.weft.controlplane.api.admin.ClientQuotas.Part;
import io.weft.controlplane.api.admin.ClientQuotas.Quotas;
import io.weft.controlplane.api.admin.Quorum;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ResourceSettings.Configured;
import io.weft.controlplane.api.admin.ResourceSettings.Kind;
import io.weft.controlplane.api.admin.ResourceSettings.Resource;
import io.weft.controlplane.api.admin.ScramCredentials;
import io.weft.controlplane.api.admin.ScramCredentials.Credential;
import io.weft.controlplane.api.admin.ScramCredentials.Described;
import io.weft.controlplane.api.admin.ScramCredentials.Mechanism;
import io.weft.model.TopicId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What every way to a control plane must do with what administrators set.
public abstract class AdministrationContract {
  /// Ready to answer, and new for each test.
  protected abstract ControlPlane plane();

  private static final String SETTING = "consumer.session.timeout.ms";

  @Test
  public void settingsOfAResourceAreReplacedOnlyAsTheyWereRead() {
    ResourceSettings resources = plane().as(ResourceSettings.class);
    long none = resources.read(Kind.GROUP, -1).orElseThrow().version();
    assertThat(resources.configure(Kind.GROUP, "g", 0, Map.of(SETTING, "45001")))
        .isEqualTo(ResourceSettings.ConfigureOutcome.CONFIGURED);
    Configured first = resources.read(Kind.GROUP, none).orElseThrow();
    Resource group = first.resources().getFirst();
    assertThat(group.settings()).isEqualTo(Map.of(SETTING, "45001"));
    assertThat(resources.read(Kind.GROUP, first.version())).isEmpty();
    assertThat(resources.read(Kind.CLIENT_METRICS, -1).orElseThrow().resources()).isEmpty();
    assertThat(resources.configure(Kind.GROUP, "g", 0, Map.of(SETTING, "45002")))
        .isEqualTo(ResourceSettings.ConfigureOutcome.VERSION_CHANGED);
    assertThat(resources.configure(Kind.GROUP, "g", group.version(), Map.of()))
        .isEqualTo(ResourceSettings.ConfigureOutcome.CONFIGURED);
    assertThat(resources.read(Kind.GROUP, first.version()).orElseThrow().resources()).isEmpty();
    assertThat(resources.configure(Kind.GROUP, "g", group.version(), Map.of(SETTING, "45003")))
        .isEqualTo(ResourceSettings.ConfigureOutcome.VERSION_CHANGED);
  }

  @Test
  public void quotasOfAnEntityAreAlteredKeyByKey() {
    Entity entity =
        new Entity(
            List.of(
                new Part(EntityType.USER, Optional.of("alice")),
                new Part(EntityType.CLIENT_ID, Optional.empty())));
    long before = plane().as(ClientQuotas.class).read(-1).orElseThrow().version();
    plane()
        .as(ClientQuotas.class)
        .alter(entity, Map.of("x", OptionalDouble.of(1), "y", OptionalDouble.of(2)));
    plane()
        .as(ClientQuotas.class)
        .alter(entity, Map.of("x", OptionalDouble.empty(), "z", OptionalDouble.of(3)));
    Quotas after = plane().as(ClientQuotas.class).read(before).orElseThrow();
    assertThat(after.quotas())
        .containsExactly(new ClientQuotas.Quota(entity, Map.of("y", 2.0, "z", 3.0)));
    plane().as(ClientQuotas.class).alter(entity, Map.of("x", OptionalDouble.empty()));
    assertThat(plane().as(ClientQuotas.class).read(after.version())).isEmpty();
    plane()
        .as(ClientQuotas.class)
        .alter(entity, Map.of("y", OptionalDouble.empty(), "z", OptionalDouble.empty()));
    assertThat(plane().as(ClientQuotas.class).read(after.version()).orElseThrow().quotas())
        .isEmpty();
  }

  @Test
  public void credentialsAreThereUntilTheyAreRemoved() {
    ScramCredentials credentials = plane().as(ScramCredentials.class);
    Credential credential =
        new Credential(4_096, new byte[] {1}, new byte[] {2}, new byte[] {3, 4});
    assertThat(credentials.put("alice", Mechanism.SHA_256, credential))
        .isEqualTo(ScramCredentials.PutOutcome.PUT);
    credentials.put("bob", Mechanism.SHA_512, credential);
    assertThat(credentials.find("alice", Mechanism.SHA_256)).contains(credential);
    assertThat(credentials.find("alice", Mechanism.SHA_512)).isEmpty();
    assertThat(credentials.describe(List.of("bob", "nobody")))
        .containsExactly(new Described("bob", Mechanism.SHA_512, 4_096));
    assertThat(credentials.describe(List.of())).hasSize(2);
    assertThat(credentials.remove("alice", Mechanism.SHA_256)).isTrue();
    assertThat(credentials.remove("alice", Mechanism.SHA_256)).isFalse();
    assertThat(credentials.describe(List.of("alice"))).isEmpty();
  }

  @Test
  public void theLeaderSaysWhereItIs() {
    Quorum.Status before = plane().as(Quorum.class).describe();
    assertThat(before.leader()).isNotEmpty();
    assertThat(before.epoch()).isPositive();
    plane()
        .as(TopicCatalog.class)
        .create(new NewTopic(new TopicId(8, 1), "seen", 1, (short) 1, Map.of()));
    assertThat(plane().as(Quorum.class).describe().index()).isGreaterThan(before.index());
  }

  /// As many as there may be come in one reply, whatever their characters are.
  @Test
  public void settingsOfResourcesHaveALimitInAll() {
    ResourceSettings resources = plane().as(ResourceSettings.class);
    Map<String, String> settings = new TreeMap<>();
    for (int i = 0; i < 32; i++) {
      settings.put("s" + i, "\u20ac".repeat(32_000));
    }
    int accepted = 0;
    while (resources.configure(Kind.CLIENT_METRICS, "r" + accepted, 0, settings)
        == ResourceSettings.ConfigureOutcome.CONFIGURED) {
      accepted++;
    }

    assertThat(accepted).isEqualTo(8);
    assertThat(resources.configure(Kind.CLIENT_METRICS, "r8", 0, settings))
        .isEqualTo(ResourceSettings.ConfigureOutcome.LIMIT_REACHED);
    List<ResourceSettings.Resource> all =
        resources.read(Kind.CLIENT_METRICS, -1).orElseThrow().resources();
    assertThat(all).hasSize(8);
    assertThat(all.getFirst().settings()).isEqualTo(settings);
    assertThat(
            resources.configure(
                Kind.CLIENT_METRICS, "r0", all.getFirst().version(), Map.of("a", "b")))
        .isEqualTo(ResourceSettings.ConfigureOutcome.CONFIGURED);
    assertThat(resources.configure(Kind.CLIENT_METRICS, "r8", 0, settings))
        .isEqualTo(ResourceSettings.ConfigureOutcome.CONFIGURED);
  }
}
