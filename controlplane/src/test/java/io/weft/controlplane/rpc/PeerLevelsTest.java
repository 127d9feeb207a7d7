package io.weft.controlplane.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.rpc.Peers;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PeerLevelsTest {
  private static final long TIMEOUT_MS = 60_000;

  private final RpcFixture fixture = new RpcFixture();
  private final RawPeer raw = new RawPeer(2, Optional.empty());
  private final Peers peers =
      new Peers(
          List.of(raw.address()),
          RpcFixture.clientSettings(TIMEOUT_MS, TIMEOUT_MS).peers(),
          RpcFixture.ENVIRONMENT);
  private final PeerLevels levels = new PeerLevels(2, 1);

  @AfterEach
  void close() {
    peers.close();
    raw.close();
    fixture.close();
  }

  @Test
  void aPeerIsGreetedOnceUntilItIsForgotten() {
    assertThat(levels.agree(peers.preferred(), TIMEOUT_MS)).isEqualTo(2);
    assertThat(levels.agree(peers.preferred(), TIMEOUT_MS)).isEqualTo(2);
    assertThat(raw.greeted).hasValue(1);

    levels.forget(peers.preferred());
    assertThat(levels.agree(peers.preferred(), TIMEOUT_MS)).isEqualTo(2);
    assertThat(raw.greeted).hasValue(2);
  }

  /// The answer is of the process before: another one may be there by now.
  @Test
  void anAnswerFromBeforeThePeerWasForgottenIsNotKept() {
    raw.onGreeting(
        () -> {
          raw.onGreeting(() -> {});
          levels.forget(peers.preferred());
        });

    assertThat(levels.agree(peers.preferred(), TIMEOUT_MS)).isEqualTo(2);
    assertThat(levels.agree(peers.preferred(), TIMEOUT_MS)).isEqualTo(2);
    assertThat(raw.greeted).hasValue(2);
  }
}
