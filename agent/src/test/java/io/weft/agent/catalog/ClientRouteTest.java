package io.weft.agent.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.Membership.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientRouteTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "weft_az=a | a",
        "app,ws_az=us-east-1a | us-east-1a",
        "warpstream_az=b;app=x | b",
        "x=1; diskless_az = c ;y | c",
        "zone_id=d,weft_az=e | d",
        "app | ''",
        "'' | ''",
        "my_weft_az=a | ''",
        "weft_az= | ''",
        "weft_az | ''",
        "app weft_az=a | ''",
        "weft_az=,zone_id=z | z"
      })
  void readsTheZone(String clientId, String zone) {
    assertThat(ClientRoute.of(clientId).zone().name()).isEqualTo(zone);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "weft_role=produce | PRODUCE",
        "app;weft_role=consume,weft_az=a | CONSUME",
        "warpstream_proxy_target=proxy-produce | PRODUCE",
        "warpstream_proxy_target=proxy-consume | CONSUME",
        "weft_role=jobs,weft_role=produce | PRODUCE"
      })
  void readsTheRole(String clientId, Role role) {
    assertThat(ClientRoute.of(clientId).role()).contains(role);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "weft_agent_group=batch | batch",
        "a=b,ws_ag=x,weft_az=a | x",
        "warpstream_agent_group=y | y"
      })
  void readsTheGroup(String clientId, String group) {
    assertThat(ClientRoute.of(clientId).group()).contains(group);
  }

  @Test
  void whatIsNotSaidIsEmpty() {
    assertThat(ClientRoute.of(null)).isEqualTo(ClientRoute.ANYWHERE);
    assertThat(ClientRoute.of("weft_role=jobs,weft_agent_group=,weft_az=" + "x".repeat(129)))
        .isEqualTo(ClientRoute.ANYWHERE);
  }
}
