package io.weft.controlplane.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.TopicCatalog.Catalog;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.environment.Environment;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.coordinator.group.GroupConfig;
import org.junit.jupiter.api.Test;

class GroupSettingsTest {
  private static LedGroups led(Map<String, String> settings) {
    return new LedGroups(
        new ControlPlaneState(),
        new Catalog(1, "cluster", 1, List.of(), List.of()),
        settings,
        ShareStates.NONE,
        Environment.system(),
        () -> {});
  }

  /// What stands in the journal must not keep a leader from leading.
  @Test
  void anImpossibleSettingOfAGroupIsPassedOver() {
    LedGroups groups = led(Map.of());
    assertThatCode(
            () -> {
              groups.configure("g", Map.of("consumer.session.timeout.ms", "soon"));
              groups.configure("g", Map.of("no.such.setting", "1"));
              groups.configure("g", Map.of("consumer.session.timeout.ms", "50000"));
              groups.configure("g", Map.of());
            })
        .doesNotThrowAnyException();
  }

  @Test
  void theBoundsAreTheCoordinators() {
    LedGroups groups =
        led(
            Map.of(
                "group.share.record.lock.duration.ms", "40000",
                "group.share.max.record.lock.duration.ms", "90000",
                "group.share.max.delivery.count.limit", "6"));
    assertThatCode(() -> groups.check(Map.of(), Map.of("share.record.lock.duration.ms", "90000")))
        .doesNotThrowAnyException();
    for (Map.Entry<String, String> outside :
        List.of(
            Map.entry("share.record.lock.duration.ms", "90001"),
            Map.entry("share.record.lock.duration.ms", "14999"),
            Map.entry("share.delivery.count.limit", "7"),
            Map.entry("share.partition.max.record.locks", "4001"),
            Map.entry("consumer.session.timeout.ms", "60001"),
            Map.entry("streams.num.standby.replicas", "3"))) {
      assertThatThrownBy(() -> groups.check(Map.of(), Map.of(outside.getKey(), outside.getValue())))
          .as(outside.toString())
          .isInstanceOf(ControlPlaneException.Rejected.class)
          .hasMessageContaining(outside.getKey());
    }
    assertThat(groups.shareSettings(Map.of()))
        .containsEntry("share.record.lock.duration.ms", "40000")
        .containsEntry("share.delivery.count.limit", "5");
    assertThat(groups.shareSettings(Map.of("share.delivery.count.limit", " 3 ")))
        .containsEntry("share.delivery.count.limit", "3");
    assertThat(groups.shareSettings(Map.of("share.delivery.count.limit", "10", "other", "x")))
        .containsEntry("share.delivery.count.limit", "6")
        .containsEntry("other", "x");
  }

  @Test
  void anImpossibleSettingOfTheCoordinatorIsSaid() {
    assertThatThrownBy(() -> led(Map.of("group.max.size", "many")))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void whatAnotherReleaseHasKeptIsInNobodysWay() {
    LedGroups groups = led(Map.of());
    Map<String, String> kept =
        Map.of("of.a.newer.release", "1", "share.isolation.level", "of a newer release");
    Map<String, String> after = new HashMap<>(kept);
    after.put("share.delivery.count.limit", "7");

    assertThatCode(() -> groups.check(kept, after)).doesNotThrowAnyException();
    assertThatThrownBy(() -> groups.check(Map.of(), after))
        .isInstanceOf(ControlPlaneException.Rejected.class);
    ShardSettings settings = ShardSettings.of(Map.of());
    settings.configure("g", after);
    assertThat(settings.groups().groupConfig("g").flatMap(GroupConfig::shareDeliveryCountLimit))
        .hasValue(7);
  }
}
