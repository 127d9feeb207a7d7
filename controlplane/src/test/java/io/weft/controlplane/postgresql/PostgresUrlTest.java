package io.weft.controlplane.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PostgresUrlTest {
  @Test
  void aUrlHasHostsADatabaseAndOptions() {
    PostgresUrl url =
        PostgresUrl.parse(
            "postgresql://a:1,b/d?user=u&cluster=c&attemptTimeoutMs=7",
            Map.of(PostgresUrl.PASSWORD_VARIABLE, "secret"));
    assertThat(url.hosts())
        .isEqualTo(List.of(new PostgresUrl.Host("a", 1), new PostgresUrl.Host("b", 5432)));
    assertThat(url.database()).isEqualTo("d");
    assertThat(url.login().password()).isEqualTo("secret");
    assertThat(url.cluster()).isEqualTo("c");
    assertThat(url.limits()).isEqualTo(new PostgresUrl.Limits(5_000, 7, 16));
    assertThat(url.toString()).doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgres://h/d",
        "postgresql://",
        "postgresql://h",
        "postgresql://h/",
        "postgresql:///d",
        "postgresql://h:0/d",
        "postgresql://h:99999/d",
        "postgresql://h/d?colour=red",
        "postgresql://h/d?password=secret",
        "postgresql://h/d?Password=secret&user=u",
        "postgresql://u:secret@h/d",
        "postgresql://u:se/secret@h/d",
        "postgresql://h/d?cluster=a%20b",
        "postgresql://h/d?attemptTimeoutMs=soon",
        "postgresql://h/d?passwordFile=/no/such/file"
      })
  void aMistakeIsOneSentenceWithoutAPassword(String text) {
    assertThatThrownBy(() -> PostgresUrl.parse(text, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("secret")
        .doesNotContain("\n");
  }
}
