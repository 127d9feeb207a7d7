package io.weft.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingReaderTest {
  @TempDir Path folder;

  private final SettingReader reader = new SettingReader(SettingTable.DEV);

  @Test
  void takesDefaultsWhereNobodySaysAnything() {
    assertThat(reader.read(Map.of(), Map.of(), Optional.empty()).whole("port")).isEqualTo(9092);
  }

  @Test
  void prefersFlagToVariableToFile() throws IOException {
    Optional<Path> file = file("port: 1\nuploads.max: 2\nflush:\n  interval.ms: 3\n");
    Map<String, String> variables = Map.of("WEFT_PORT", "4", "WEFT_UPLOADS_MAX", "5");

    Settings settings = reader.read(Map.of("port", "6"), variables, file);

    assertThat(settings.whole("port")).isEqualTo(6);
    assertThat(settings.whole("uploads.max")).isEqualTo(5);
    assertThat(settings.whole("flush.interval.ms")).isEqualTo(3);
  }

  @Test
  void saysHowToMendAWrongNumber() {
    assertThatThrownBy(() -> reader.read(Map.of("port", "70000"), Map.of(), Optional.empty()))
        .isInstanceOf(SettingException.class)
        .hasMessage("port is '70000' (option --port); set it to a whole number from 0 to 65535.");
  }

  @Test
  void suggestsTheNearestNameForAnUnknownOneInTheFile() {
    assertThatThrownBy(() -> reader.read(Map.of(), Map.of(), file("flush.intervall.ms: 3")))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("did you mean flush.interval.ms");
  }

  @Test
  void refusesAnUnknownVariable() {
    Map<String, String> variables = Map.of("WEFT_PROT", "1");
    assertThatThrownBy(() -> reader.read(Map.of(), variables, Optional.empty()))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("WEFT_PROT is no setting of Weft's; did you mean WEFT_PORT");
  }

  /// What a pod gets for services named `weft` and `weft-agent`, and for a port of the name
  /// `kafka`.
  @Test
  void whatKubernetesSaysOfServicesIsNoSetting() {
    Map<String, String> variables = new TreeMap<>();
    for (String service : List.of("WEFT", "WEFT_AGENT", "WEFT_ZONE", "WEFT_DATA")) {
      variables.put(service + "_SERVICE_HOST", "10.0.0.7");
      variables.put(service + "_SERVICE_PORT", "9092");
      variables.put(service + "_SERVICE_PORT_KAFKA", "9092");
      variables.put(service + "_PORT", "tcp://10.0.0.7:9092");
      variables.put(service + "_PORT_9092_TCP", "tcp://10.0.0.7:9092");
      variables.put(service + "_PORT_9092_TCP_PROTO", "tcp");
      variables.put(service + "_PORT_9092_TCP_PORT", "9092");
      variables.put(service + "_PORT_9092_TCP_ADDR", "10.0.0.7");
    }

    Settings settings = reader.read(Map.of(), variables, Optional.empty());

    assertThat(settings.whole("port")).isEqualTo(9092);
    assertThat(settings.changed()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"WEFT_FOO", "WEFT_HOME", "WEFT_VERSION", "WEFT_CHART_NAME", "WEFT_"})
  void aVariableThatIsNearNoSettingIsSomebodyElses(String variable) {
    Settings settings = reader.read(Map.of(), Map.of(variable, "x"), Optional.empty());
    assertThat(settings.changed()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"WEFT_PROT", "WEFT_ZON", "WEFT_FLUSH_INTERVALL_MS", "WEFT_CONTROLPLANE"})
  void aVariableThatIsNearlyASettingIsRefused(String variable) {
    assertThatThrownBy(() -> reader.read(Map.of(), Map.of(variable, "1"), Optional.empty()))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining(variable + " is no setting of Weft's; did you mean WEFT_");
  }

  @Test
  void aWrongPortIsStillRefusedIfItIsNoAddress() {
    assertThatThrownBy(() -> reader.read(Map.of(), Map.of("WEFT_PORT", "nine"), Optional.empty()))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("port is 'nine' (from WEFT_PORT)");
  }

  /// Every setting that must be given, and each that has a place by itself.
  @Test
  void noPlaceMayBeEmpty() {
    for (List<Setting> table :
        List.of(SettingTable.DEV, SettingTable.CONTROL_PLANE, SettingTable.AGENT)) {
      List<Setting> places =
          table.stream()
              .filter(
                  setting ->
                      setting.defaultText().isEmpty()
                          || List.of("host", "data").contains(setting.name()))
              .toList();
      assertThat(places).isNotEmpty();
      for (Setting place : places) {
        Map<String, String> flags = new HashMap<>();
        places.forEach(each -> flags.put(each.name(), "127.0.0.1:1"));
        flags.put(place.name(), " ");
        assertThatThrownBy(() -> new SettingReader(table).read(flags, Map.of(), Optional.empty()))
            .isInstanceOf(SettingException.class)
            .hasMessageStartingWith(place.name() + " is empty (option " + place.option());
      }
    }
  }

  @Test
  void tellsWhatIsNotTheDefault() {
    Settings settings =
        reader.read(
            Map.of("port", "9092", "uploads.max", "3", "data", "s3://key:hidden@bucket"),
            Map.of(),
            Optional.empty());
    assertThat(settings.changed()).containsExactly("data=s3://***@bucket", "uploads.max=3");
  }

  @Test
  void masksWhatASecretsNameIs() {
    List<Setting> table =
        List.of(Setting.text("ssl.keystore.password", "", "x"), Setting.text("group", "", "x"));
    Settings settings =
        new Settings(table, Map.of("ssl.keystore.password", "hidden", "group", "g"));
    assertThat(settings.changed()).containsExactly("ssl.keystore.password=***", "group=g");
  }

  @Test
  void takesAVariableThatAnotherCommandKnows() {
    Settings settings = reader.read(Map.of(), Map.of("WEFT_ZONE", "a"), Optional.empty());
    assertThat(settings.whole("port")).isEqualTo(9092);
  }

  @Test
  void refusesAFileThatIsNoYamlOrNoMap() {
    assertThatThrownBy(() -> reader.read(Map.of(), Map.of(), file("a: [")))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("is not YAML");
    assertThatThrownBy(() -> reader.read(Map.of(), Map.of(), file("- port")))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("must be a map");
  }

  @Test
  void namesTheOptionForWhatMustBeGiven() {
    SettingReader agent = new SettingReader(SettingTable.AGENT);
    assertThatThrownBy(() -> agent.read(Map.of(), Map.of(), Optional.empty()))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("listen is not set; give it with --listen");
  }

  private Optional<Path> file(String text) throws IOException {
    return Optional.of(Files.writeString(folder.resolve("weft.yaml"), text));
  }
}
