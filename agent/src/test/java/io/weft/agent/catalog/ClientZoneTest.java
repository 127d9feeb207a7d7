package io.weft.agent.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientZoneTest {
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
    assertThat(ClientZone.of(clientId).name()).isEqualTo(zone);
  }
}
