package io.weft.controlplane.groups;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.TopicCatalog.Catalog;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.environment.Environment;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
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
  void anImpossibleSettingOfTheCoordinatorIsSaid() {
    assertThatThrownBy(() -> led(Map.of("group.max.size", "many")))
        .isInstanceOf(ConfigException.class);
  }
}
