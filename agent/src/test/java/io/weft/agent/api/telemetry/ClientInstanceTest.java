package io.weft.agent.api.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

class ClientInstanceTest {
  private static final int INTERVAL_MS = 1_000;

  private final ClientInstance client =
      new ClientInstance(new Uuid(1, 2), 1, 7, List.of("*"), INTERVAL_MS);

  @Test
  void mayPushOnceAfterAskingEvenWithinOneMillisecond() {
    assertThat(client.mayGet(5)).isTrue();
    assertThat(client.mayPush(5, false)).isEqualTo(Errors.NONE);
    assertThat(client.mayPush(5, false)).isEqualTo(Errors.THROTTLING_QUOTA_EXCEEDED);
    client.failed(Errors.UNKNOWN_SUBSCRIPTION_ID);
    assertThat(client.mayGet(5)).isTrue();
    assertThat(client.mayPush(5, false)).isEqualTo(Errors.NONE);
    assertThat(client.mayPush(5, false)).isEqualTo(Errors.THROTTLING_QUOTA_EXCEEDED);
  }

  @Test
  void mayPushAgainAfterTheInterval() {
    assertThat(client.mayPush(0, false)).isEqualTo(Errors.NONE);
    assertThat(client.mayPush(INTERVAL_MS - 1, false)).isEqualTo(Errors.THROTTLING_QUOTA_EXCEEDED);
    assertThat(client.mayPush(INTERVAL_MS, false)).isEqualTo(Errors.NONE);
  }

  @Test
  void theLastPushMayComeEarlyAndNothingAfterIt() {
    assertThat(client.mayPush(0, false)).isEqualTo(Errors.NONE);
    assertThat(client.mayPush(1, true)).isEqualTo(Errors.NONE);
    assertThat(client.mayPush(INTERVAL_MS, false)).isEqualTo(Errors.INVALID_REQUEST);
  }
}
