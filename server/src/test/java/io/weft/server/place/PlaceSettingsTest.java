package io.weft.server.place;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.agent.membership.AgentPlace;
import io.weft.controlplane.api.Membership.Profile;
import io.weft.controlplane.api.Membership.Role;
import io.weft.environment.Environment;
import io.weft.model.Zone;
import io.weft.server.settings.SettingException;
import io.weft.server.settings.SettingReader;
import io.weft.server.settings.SettingTable;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Where an agent stands among the others, as an operator says it.
class PlaceSettingsTest {
  private static AgentPlace place(Map<String, String> flags, Map<String, String> variables)
      throws InterruptedException {
    Map<String, String> all = new TreeMap<>(flags);
    all.put("listen", "127.0.0.1:0");
    all.put("control.plane", "127.0.0.1:1");
    all.put("bucket", "mem:");
    return PlaceSettings.read(
        new SettingReader(SettingTable.AGENT).read(all, variables, Optional.empty()),
        Environment.system());
  }

  private static AgentPlace place(Map<String, String> flags) throws InterruptedException {
    return place(flags, Map.of());
  }

  @Test
  void anAgentIsInNoZoneAndForEverythingUnlessItIsSaid() throws InterruptedException {
    assertThat(place(Map.of())).isEqualTo(AgentPlace.ANYWHERE);
  }

  @Test
  void aFlagOrAVariableSaysTheZone() throws InterruptedException {
    assertThat(place(Map.of("zone", "a")).zone()).isEqualTo(new Zone("a"));
    assertThat(place(Map.of(), Map.of("WEFT_ZONE", "b")).zone()).isEqualTo(new Zone("b"));
  }

  @Test
  void groupAndRolesAreSaid() throws InterruptedException {
    assertThat(place(Map.of("agent.group", "batch", "roles", "jobs, consume")).profile())
        .isEqualTo(new Profile("batch", EnumSet.of(Role.CONSUME, Role.JOBS)));
  }

  @Test
  void aWrongValueIsRefusedWithOneSentence() {
    assertThatThrownBy(() -> place(Map.of("roles", "produce,consumer")))
        .isInstanceOf(SettingException.class)
        .hasMessage(
            "roles is 'produce,consumer'; set it to one or several of produce, consume, jobs,"
                + " separated by commas.");
    assertThatThrownBy(() -> place(Map.of("roles", ""))).isInstanceOf(SettingException.class);
    assertThatThrownBy(() -> place(Map.of("zone", "a,b")))
        .isInstanceOf(SettingException.class)
        .hasMessage(
            "zone is 'a,b'; set it to at most 128 characters without comma, semicolon and equals"
                + " sign.");
    assertThatThrownBy(() -> place(Map.of("agent.group", "x".repeat(129))))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("agent.group is 'x");
    assertThatThrownBy(() -> place(Map.of("zone", "auto", "zone.metadata.url", "169.254.169.254")))
        .isInstanceOf(SettingException.class)
        .hasMessage(
            "zone.metadata.url is '169.254.169.254'; set it to http://host or http://host:port.");
  }

  @Test
  void autoAsksTheCloudAndStopsTheStartWhereThereIsNone() {
    assertThatThrownBy(
            () -> place(Map.of("zone", "auto", "zone.metadata.url", "http://127.0.0.1:1")))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("zone is 'auto', and no cloud says");
  }
}
