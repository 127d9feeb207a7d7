package io.weft.environment;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OutageTest {
  private final Outage outage = new Outage();

  @Test
  void aReasonIsNewsOnceHoweverOftenItFails() {
    assertThat(outage.isNews("no answer within 20000 ms")).isTrue();
    assertThat(outage.isNews("no answer within 20001 ms")).isFalse();
    assertThat(outage.isNews("answered 503")).isTrue();
    assertThat(outage.isNews("no answer within 7 ms")).isFalse();
  }

  @Test
  void itsEndIsNewsOnceAndThenTheNextBegins() {
    assertThat(outage.ends()).isFalse();
    outage.isNews("answered 503");
    assertThat(outage.ends()).isTrue();
    assertThat(outage.ends()).isFalse();
    assertThat(outage.isNews("answered 503")).isTrue();
  }

  @Test
  void reasonsWithoutEndAreNotNewsWithoutEnd() {
    long said = 0;
    for (char each = 'a'; each <= 'z'; each++) {
      said += outage.isNews("reason " + each) ? 1 : 0;
    }
    assertThat(said).isEqualTo(8);
  }
}
