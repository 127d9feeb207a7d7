package io.weft.server.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.Membership.Advertised;
import io.weft.model.ListenerName;
import io.weft.server.settings.SettingException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientListenersTest {
  private static List<String> reached(ClientListeners listeners) {
    return listeners.all().stream()
        .map(each -> each.advertised(each.listen().port() == 0 ? 4_000 : each.listen().port()))
        .map(each -> "%s=%s:%d".formatted(each.listener().name(), each.host(), each.port()))
        .toList();
  }

  @Test
  void withoutNamesThereIsThePlainListener() {
    assertThat(reached(ClientListeners.of("0.0.0.0:9092", "")))
        .containsExactly("PLAINTEXT=0.0.0.0:9092");
    ClientListeners advertised = ClientListeners.of("0.0.0.0:0", "agent-1:9092");
    assertThat(reached(advertised)).containsExactly("PLAINTEXT=agent-1:9092");
    assertThat(advertised.text()).isEqualTo("PLAINTEXT://0.0.0.0:0");
    assertThat(ClientListeners.text(List.of(advertised.main().advertised(1))))
        .isEqualTo("agent-1:9092");
  }

  @Test
  void eachNamedListenerHasAnAddressOfItsOwn() {
    ClientListeners listeners =
        ClientListeners.of(
            "internal=0.0.0.0:9092, External=0.0.0.0:9093, LOCAL=[::1]:0",
            "EXTERNAL=lb.example.com:19093,INTERNAL=agent-1:9092");
    assertThat(reached(listeners))
        .containsExactly(
            "INTERNAL=agent-1:9092", "EXTERNAL=lb.example.com:19093", "LOCAL=::1:4000");
    assertThat(listeners.main().name()).isEqualTo(new ListenerName("INTERNAL"));
    assertThat(listeners.text())
        .isEqualTo("INTERNAL://0.0.0.0:9092,EXTERNAL://0.0.0.0:9093,LOCAL://[::1]:0");
    List<Advertised> all = listeners.all().stream().map(each -> each.advertised(1)).toList();
    assertThat(ClientListeners.text(all))
        .isEqualTo("agent-1:9092 (INTERNAL), lb.example.com:19093 (EXTERNAL), [::1]:1 (LOCAL)");
  }

  @Test
  void theOneCalledPlaintextIsTheMainOne() {
    assertThat(ClientListeners.of("A=h:1,PLAINTEXT=h:2", "").main().name())
        .isEqualTo(ListenerName.PLAINTEXT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "A=h:1,h:2               | -              | listen is 'A=h:1,h:2': 'h:2' has no name; write"
            + " it as NAME=host:port,NAME=host:port.",
        "A=h:1,                  | -              | listen is 'A=h:1,': '' has no name; write it as"
            + " NAME=host:port,NAME=host:port.",
        "A=h:1,a=h:2             | -              | listen names the listener A twice; give each a"
            + " name of its own.",
        "A=h:1,B=h:1             | -              | listen has port 1 for A and for B; give each"
            + " listener a port of its own.",
        "A=0.0.0.0:1,B=h:1       | A=x:1          | listen has port 1 for A and for B; give each"
            + " listener a port of its own.",
        "=h:1                    | -              | listen has '' for a listener's name; give it a"
            + " letter and then letters, digits, '_' or '-', 64 at most.",
        "1A=h:1                  | -              | listen has '1A' for a listener's name; give it"
            + " a letter and then letters, digits, '_' or '-', 64 at most.",
        "A=h                     | -              | listen is 'h' for the listener A: not an"
            + " address: 'h' (the port is missing); write it as NAME=host:port,NAME=host:port.",
        "A://h:1                 | -              | listen is 'A://h:1': not an address: 'A://h:1'"
            + " (it is host:port, without a scheme); write it as host:port.",
        "A=h:1                   | h:2            | advertise is 'h:2': 'h:2' has no name; write it"
            + " as NAME=host:port,NAME=host:port.",
        "A=h:1                   | B=h:2          | advertise names the listener B, which listen"
            + " does not; give both the same names.",
        "A=h:1                   | A=h:2,A=h:3    | advertise names the listener A twice; give each"
            + " a name of its own.",
        "A=h:1                   | A=h:0          | advertise is 'h:0' for the listener A; give the"
            + " port that clients connect to.",
        "A=0.0.0.0:1             | -              | listen is '0.0.0.0:1' for the listener A, where"
            + " no client reaches it; say where with --advertise A=host:port.",
        "h:1                     | A=h:2          | advertise names listeners and listen names"
            + " none; give both names, as in --listen INTERNAL=host:port --advertise"
            + " INTERNAL=host:port.",
        "h:1                     | x              | advertise is 'x': not an address: 'x' (the port"
            + " is missing); write it as host:port.",
      })
  void whatIsWrongIsSaidInOneSentence(String listen, String advertise, String message) {
    assertThatThrownBy(() -> ClientListeners.of(listen, advertise == null ? "" : advertise))
        .isInstanceOf(SettingException.class)
        .hasMessage(message);
  }

  @Test
  void thereAreSoManyAtMost() {
    assertThat(ClientListeners.of(listeners(8), "").all()).hasSize(8);
    assertThatThrownBy(() -> ClientListeners.of(listeners(9), ""))
        .isInstanceOf(SettingException.class)
        .hasMessage("listen names 9 listeners; give 8 at most.");
  }

  private static String listeners(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "L%d=h:%d".formatted(i, 1_000 + i))
        .collect(Collectors.joining(","));
  }
}
