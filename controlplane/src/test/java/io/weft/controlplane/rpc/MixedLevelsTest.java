package io.weft.controlplane.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.ControlPlaneException.Rejected;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.api.admin.Releases.Greeting;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.command.Command;
import io.weft.model.AgentId;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Two sides of different releases: each is made to be one that knows levels up to some.
@Timeout(120)
class MixedLevelsTest {
  private static final Command<Boolean> RENEW =
      Command.of(Membership.class, it -> it.renew(new AgentId(1)));
  private static final Command<Releases.Status> DESCRIBE =
      Command.of(Releases.class, Releases::describe);
  private static final Releases.Status STATUS = new Releases.Status(1, 2, List.of());

  private final RpcFixture fixture = new RpcFixture();
  private final FakePort fake = new FakePort().reply(RENEW, true).reply(DESCRIBE, STATUS);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void anOldAgentIsAnsweredByANewControlPlane() {
    RpcPort old = fixture.connectAt(1, fixture.serveAt(2, 0, fake));

    assertThat(old.ask(RENEW)).isTrue();
    assertThat(fake.askerLevels).containsExactly(1);
  }

  @Test
  void aNewAgentAsksAnOldControlPlaneWhatItKnows() {
    RpcPort port = fixture.connectAt(2, fixture.serveAt(1, 0, fake));

    assertThat(port.ask(RENEW)).isTrue();
    assertThat(port.ask(RENEW)).isTrue();
    assertThat(fake.asked).hasValue(2);
  }

  @Test
  void aQuestionThatThePeerDoesNotKnowIsRefusedWithOneSentence() {
    RpcServer server = fixture.serveAt(1, 0, fake);
    RpcPort port = fixture.connectAt(2, server);

    assertThatThrownBy(() -> port.ask(DESCRIBE))
        .isInstanceOf(Rejected.class)
        .hasMessage(
            "the control plane at 127.0.0.1:%d is of a release that does not know DescribeUpgrade:"
                + " it has to be upgraded",
            server.port());
    assertThat(fake.asked).hasValue(0);
  }

  @Test
  void twoNewOnesAgreeOnTheSecondLevel() {
    RpcPort port = fixture.connectAt(2, fixture.serveAt(2, 0, fake));

    assertThat(port.ask(DESCRIBE)).isEqualTo(STATUS);
    assertThat(fake.askerLevels).containsExactly(2);
    assertThat(port.as(Releases.class).greet(new Greeting("mine", 9)))
        .isEqualTo(new Greeting(Levels.RELEASE, 2));
  }

  @Test
  void aPeerThatIsPutBackIsAskedAsTheOneBefore() {
    RpcServer newer = fixture.serveAt(2, 0, fake);
    RpcPort port = fixture.connectAt(2, newer);
    assertThat(port.ask(DESCRIBE)).isEqualTo(STATUS);
    int at = newer.port();
    newer.close();
    RpcServer older = fixture.serveAt(1, at, fake);

    assertThat(port.ask(RENEW)).isTrue();
    assertThatThrownBy(() -> port.ask(DESCRIBE))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("does not know DescribeUpgrade");

    older.close();
    fixture.serveAt(2, at, fake);
    // Nobody has to tell it: the connection was lost, so the peer is greeted again.
    assertThat(port.ask(RENEW)).isTrue();
    assertThat(port.ask(DESCRIBE)).isEqualTo(STATUS);
  }

  @Test
  void aRefusedMessageIsAskedAgainAtTheLevelOfTheOneThatAnswersNow() {
    RpcServer newer = fixture.serveAt(2, 0, fake);
    RpcPort port = fixture.connectAt(2, newer);
    assertThat(port.ask(DESCRIBE)).isEqualTo(STATUS);
    int at = newer.port();
    newer.close();
    fixture.serveAt(1, at, fake);

    // Nothing has failed since the older one has come: the level is still the one of before.
    assertThatThrownBy(() -> port.ask(DESCRIBE))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("does not know DescribeUpgrade");
    assertThat(port.ask(RENEW)).isTrue();
  }
}
