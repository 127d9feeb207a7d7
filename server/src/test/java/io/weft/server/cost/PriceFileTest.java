package io.weft.server.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.server.settings.SettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A table of prices is whole, or refused with a sentence that says what to mend.
class PriceFileTest {
  private static final String OWN =
      """
      name: mine
      source: a contract
      put-per-1000: 0.005
      list-per-1000: 0.005
      get-per-1000: 0.0004
      delete-per-1000: 0
      upload-per-gb: 0
      retrieval-per-gb: 0
      storage-per-gb-month: 0.023
      bills-failures: false
      cross-zone-per-gb: 0.02
      block-storage-per-gb-month: 8e-2
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"s3-standard", "s3-express", "gcs", "r2", "tigris", "azure"})
  void theTablesThatWeftBringsAreWhole(String name) {
    assertThat(PriceFile.BUILT_IN).contains(name).hasSize(6);
    PriceTable table = PriceFile.read(name);
    assertThat(table.per1000().puts()).isPositive();
    assertThat(table.per1000().gets()).isPositive().isLessThan(table.per1000().puts());
    assertThat(table.gbMonth()).isPositive();
    assertThat(table.source()).isNotEmpty();
  }

  @Test
  void aFileOfTheOperatorIsRead() throws IOException {
    Path file = Files.writeString(folder.resolve("own.yaml"), OWN);
    PriceTable table = PriceFile.read(file.toString());
    assertThat(table.name()).isEqualTo("mine");
    assertThat(table.per1000()).isEqualTo(new Requests(0.005, 0.005, 0.0004, 0));
    assertThat(table.network().diskGbMonth()).isEqualTo(0.08);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "put-per-1000: 0.005      | put-per-1000: -1       | put-per-1000: '-1'; it must be US",
        "put-per-1000: 0.005      | put-per-1000: .nan     | put-per-1000: 'NaN'; it must be US",
        "put-per-1000: 0.005      | put-per-1000: .inf     | put-per-1000: 'Infinity'; it must be",
        "put-per-1000: 0.005      | put-per-1000: 1e9      | it must be US dollars, from 0 to",
        "put-per-1000: 0.005      | put-per-1000: cheap    | put-per-1000: 'cheap'; it must be US",
        "put-per-1000: 0.005      | put-per-1000: [1, 2]   | it must be US dollars",
        "put-per-1000: 0.005      | puts-per-1000: 0.005   | did you mean put-per-1000",
        "put-per-1000: 0.005      | egress: 1              | has 'egress', which is no price",
        "put-per-1000: 0.005      | '# no price of a PUT'  | lacks put-per-1000; 0 says",
        "put-per-1000: 0.005      | get-per-1000: 1        | is not YAML",
        "bills-failures: false    | bills-failures: maybe  | it must be true or false",
        "name: mine               | 'name: '' '''          | has an empty name",
        "name: mine               | {                      | is not YAML",
      })
  void whatIsWrongIsRefusedInOneSentence(String right, String wrong, String said) {
    assertThat(OWN).contains(right);
    assertThatThrownBy(() -> PriceFile.parse("own.yaml", OWN.replace(right, wrong)))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining(said)
        .hasMessageStartingWith("The price table own.yaml ")
        .hasMessageEndingWith(".");
  }

  /// A pipe or a device says that it has no bytes, and may have no end.
  @Test
  void whatIsNoRegularFileIsNotOpened() {
    assertThatThrownBy(() -> PriceFile.read("/dev/null"))
        .isInstanceOf(SettingException.class)
        .hasMessage("The price table /dev/null is no regular file.");
    assertThatThrownBy(() -> PriceFile.read(folder.toString()))
        .isInstanceOf(SettingException.class)
        .hasMessageEndingWith("is no regular file.");
  }

  @Test
  void whatIsNoMapOrNotThereOrTooLongIsRefused() throws IOException {
    assertThatThrownBy(() -> PriceFile.parse("own.yaml", "- 1"))
        .hasMessage("The price table own.yaml must be a map of names to prices.");
    assertThatThrownBy(() -> PriceFile.read("s3-standart"))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("There is no price table 's3-standart': name a file, or one of s3-");
    Path file = Files.writeString(folder.resolve("long.yaml"), "#".repeat(1 << 17));
    assertThatThrownBy(() -> PriceFile.read(file.toString()))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("is longer than");
  }
}
