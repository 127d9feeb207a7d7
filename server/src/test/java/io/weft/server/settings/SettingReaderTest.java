package io.weft.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
