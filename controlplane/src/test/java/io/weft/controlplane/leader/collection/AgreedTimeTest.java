package io.weft.controlplane.leader.collection;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.model.AgentId;
import org.junit.jupiter.api.Test;

final class AgreedTimeTest {
  private static final long DAY_MS = 86_400_000;
  private static final AgentId ONE = new AgentId(1);
  private static final AgentId TWO = new AgentId(2);

  private final AgreedTime time = new AgreedTime();

  @Test
  void aloneALeaderDoesNotKnowTheTime() {
    assertThat(time.at(5_000, 10)).isEmpty();
    time.told(ONE, 5_000, 10);
    assertThat(time.at(5_000, 10)).hasValue(5_000);
    assertThat(time.at(5_000, 11 + AgreedTime.VALID_MS)).isEmpty();
  }

  @Test
  void whatWasToldGoesOn() {
    time.told(ONE, 5_000, 10);
    assertThat(time.at(6_001, 1_010)).hasValue(6_000);
  }

  @Test
  void aClockThatIsADayAheadDoesNotCount() {
    time.told(ONE, 5_000, 10);
    assertThat(time.at(5_000 + DAY_MS, 10)).hasValue(5_000);
    time.told(ONE, 5_000 + DAY_MS, 10);
    assertThat(time.at(5_000, 10)).hasValue(5_000);
    time.told(TWO, 5_001, 10);
    assertThat(time.at(5_000, 10)).hasValue(5_001);
  }

  @Test
  void oneOfThreeThatIsADayBehindDoesNotCountEither() {
    time.told(ONE, 5_000, 10);
    time.told(TWO, 5_001 - DAY_MS, 10);
    assertThat(time.at(5_002, 10)).hasValue(5_000);
  }
}
