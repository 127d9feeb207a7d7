package io.weft.agent.neighbour.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.agent.environment.ManualTime;
import io.weft.model.AgentId;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which requests an agent takes for those of another agent.
class RequestSealTest {
  private static final byte[] REQUEST = {5, 6, 7};
  private static final AgentId ASKED = new AgentId(2);

  private final ManualTime time = new ManualTime(5);
  private final RequestSeal asker = TestSeals.of(1, time.environment().clock());
  private final RequestSeal asked = TestSeals.of(2, time.environment().clock());

  private RequestSeal with(int agent, int... keys) {
    return TestSeals.of(agent, time.environment().clock(), TestSeals.keys(keys));
  }

  @Test
  void whatAnAgentHasSignedForAnotherIsTaken() throws Exception {
    assertThat(asked.open(asker.seal(ASKED, REQUEST).orElseThrow())).isEqualTo(REQUEST);
  }

  @Test
  void noBitOfItCanBeChanged() {
    byte[] sealed = asker.seal(ASKED, REQUEST).orElseThrow();
    for (int bit = 0; bit < 8 * sealed.length; bit++) {
      byte[] changed = sealed.clone();
      changed[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> asked.open(changed)).isInstanceOf(RefusedException.class);
    }
    for (int length = 0; length < sealed.length; length++) {
      byte[] cut = Arrays.copyOf(sealed, length);
      assertThatThrownBy(() -> asked.open(cut)).isInstanceOf(RefusedException.class);
    }
  }

  @Test
  void itIsOfNoUseAtAnotherAgent() {
    byte[] sealed = asker.seal(ASKED, REQUEST).orElseThrow();
    assertThatThrownBy(() -> with(3, 1).open(sealed)).isInstanceOf(RefusedException.class);
  }

  /// A rotation does not reach all agents at once.
  @Test
  void agentsOfWhichOneHasNotHeardOfTheNewestKeyUnderstandEachOther() throws Exception {
    List<int[]> behind = List.of(new int[] {1}, new int[] {1, 2}, new int[] {1, 2, 3});
    List<int[]> ahead = List.of(new int[] {1, 2}, new int[] {1, 2, 3}, new int[] {2, 3, 4});
    for (int i = 0; i < behind.size(); i++) {
      byte[] there = with(1, behind.get(i)).seal(ASKED, REQUEST).orElseThrow();
      assertThat(with(2, ahead.get(i)).open(there)).isEqualTo(REQUEST);
      byte[] back = with(1, ahead.get(i)).seal(ASKED, REQUEST).orElseThrow();
      assertThat(with(2, behind.get(i)).open(back)).isEqualTo(REQUEST);
    }
  }

  @Test
  void aKeyThatWasRotatedOutIsRefused() {
    byte[] sealed = asker.seal(ASKED, REQUEST).orElseThrow();
    assertThatThrownBy(() -> with(2, 2, 3, 4).open(sealed))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("key 1");
  }

  @Test
  void clocksMayBeFiveMinutesApartAndNoMore() throws Exception {
    byte[] sealed = asker.seal(ASKED, REQUEST).orElseThrow();
    time.advanceMs(RequestSeal.AGE_MS_MAX);
    assertThat(asked.open(sealed)).isEqualTo(REQUEST);
    time.advanceMs(1);
    assertThatThrownBy(() -> asked.open(sealed))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("300001 ms ago");
  }

  @Test
  void withoutAKeyNothingIsAskedNorAnswered() {
    byte[] sealed = asker.seal(ASKED, REQUEST).orElseThrow();
    assertThat(with(1).seal(ASKED, REQUEST)).isEmpty();
    assertThatThrownBy(() -> with(2).open(sealed)).isInstanceOf(RefusedException.class);
  }
}
