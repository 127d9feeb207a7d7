package io.weft.controlplane.postgresql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.environment.Environment;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JournalUrlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://h/d",
        "jdbc:postgresql://h/d?password=secret",
        "jdbc:postgresql://h/d?user=u&PASSWORD=a&secret",
        "JDBC:PostgreSQL://u:secret@h/d",
        "PostgreSQL://h/d?password=secret",
        "postgres://u:secret@h/d",
        "postgresql:u:secret@h/d",
        " postgresql://u:secret@h/d"
      })
  void anotherFormOfADatabasesUrlIsNamedWithTheRightOne(String text) {
    assertThatThrownBy(() -> JournalUrl.open(text, Environment.system()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .message()
        .contains("should begin with postgresql://")
        .doesNotContain("secret")
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mysql://u:secret@h/d",
        "mysql://h/d?user=u&password=secret",
        "file:/a?password=secret",
        "mem:?Password=secret",
        "s3://key:se/cret@bucket",
        "s3://bucket?sslpassword=secret"
      })
  void noMistakeIsToldWithAPassword(String text) {
    assertThat(JournalUrl.shown(text)).doesNotContain("secret").doesNotContain("se/cret");
    assertThatThrownBy(() -> JournalUrl.open(text, Environment.system()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .message()
        .doesNotContain("secret")
        .doesNotContain("se/cret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///a/b@c",
        "s3://bucket/a@b?latency=s3-standard",
        "postgresql://a:1,b:2/d?passwordFile=/p&cluster=c",
        "mem:a"
      })
  void whatHasNoPasswordIsShownWhole(String text) {
    assertThat(JournalUrl.shown(text)).isEqualTo(text);
  }
}
