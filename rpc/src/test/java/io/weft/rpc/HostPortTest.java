package io.weft.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostPortTest {
  @ParameterizedTest
  @CsvSource({
    "localhost:9090, localhost, 9090",
    "' 10.0.0.1:1 ', 10.0.0.1, 1",
    "cp_1.weft.svc-a:65535, cp_1.weft.svc-a, 65535",
    "[::1]:9090, ::1, 9090",
    "[fe80::1%eth0]:9090, fe80::1%eth0, 9090",
    "localhost:0, localhost, 0"
  })
  void anAddressIsRead(String text, String host, int port) {
    assertThat(HostPort.parse(text)).isEqualTo(new HostPort(host, port));
  }

  @ParameterizedTest
  @CsvSource({
    "'', the port is missing",
    "localhost, the port is missing",
    "localhost:, the port is missing",
    ":9090, the host is missing",
    "localhost:http, http' is no port",
    "localhost:-1, -1' is no port",
    "localhost:٣, ٣' is no port",
    "localhost:65536, not between 0 and 65535",
    "localhost:99999999999, is no port",
    "http://localhost:9090, without a scheme",
    "::1:9090, in brackets",
    "[::1], missing behind ]",
    "[::1]9090, missing behind ]",
    "[localhost]:9090, only an IPv6 address",
    "local host:9090, neither a name nor an address",
    "a/b:9090, neither a name nor an address"
  })
  void whatIsNoAddressIsSaidWhy(String text, String why) {
    assertThatThrownBy(() -> HostPort.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not an address: '")
        .hasMessageContaining(why);
  }

  @Test
  void aHostLongerThanDnsAllowsIsRefused() {
    assertThatThrownBy(() -> HostPort.parse("a".repeat(254) + ":1"))
        .hasMessageContaining("254 characters");
  }

  @Test
  void anAddressIsWrittenAsItIsRead() {
    for (String text : new String[] {"localhost:9090", "[::1]:9090"}) {
      assertThat(HostPort.parse(text)).hasToString(text);
    }
  }

  @Test
  void aListIsRead() {
    assertThat(HostPort.parseList("a:1, b:2"))
        .containsExactly(new HostPort("a", 1), new HostPort("b", 2));
  }

  @Test
  void aListWithAHoleIsRefused() {
    assertThatThrownBy(() -> HostPort.parseList("a:1,,b:2"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aListTooLongIsRefused() {
    assertThatThrownBy(() -> HostPort.parseList("a:1,".repeat(16) + "a:1"))
        .hasMessageContaining("more than 16 addresses");
  }
}
