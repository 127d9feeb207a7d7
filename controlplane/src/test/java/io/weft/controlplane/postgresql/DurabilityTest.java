package io.weft.controlplane.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.storage.object.ObjectStoreException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DurabilityTest {
  private static Durability durability(String commit, String standbys) {
    return new Durability(
        Map.of(
            "fsync",
            "on",
            "full_page_writes",
            "on",
            "synchronous_commit",
            commit,
            "synchronous_standby_names",
            standbys));
  }

  @ParameterizedTest
  @CsvSource({"off, ''", "off, s1", "local, s1"})
  void whatLosesConfirmedRecordsIsRefused(String commit, String standbys) {
    assertThatThrownBy(() -> durability(commit, standbys).require())
        .isInstanceOf(ObjectStoreException.Rejected.class)
        .hasMessageContaining("synchronous_commit=" + commit)
        .hasMessageContaining("sync=false");
  }

  @ParameterizedTest
  @CsvSource({"local, ''", "remote_write, ''", "on, ''", "on, s1", "remote_apply, s1"})
  void whatLosesNothingIsTakenSilently(String commit, String standbys) {
    Durability durability = durability(commit, standbys);
    durability.require();
    assertThat(durability.warning()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"s1", "ANY 1 (s1, s2)"})
  void standbysThatOnlyWriteAreTakenWithAWarning(String standbys) {
    Durability durability = durability("remote_write", standbys);
    durability.require();
    assertThat(durability.warning()).get().asString().contains("remote_write");
  }

  @Test
  void aSettingThatAnotherDatabaseDoesNotHaveIsNoFault() {
    new Durability(Map.of()).require();
    assertThat(new Durability(Map.of()).warning()).isEmpty();
  }
}
