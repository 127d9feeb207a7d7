package io.weft.controlplane.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.CommitFeed.Event;
import io.weft.controlplane.api.ControlPlaneException.Rejected;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.ExtentIndex.ExtentQuery;
import io.weft.controlplane.api.ExtentIndex.ExtentsFound;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.api.admin.Releases.Greeting;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.command.Asked;
import io.weft.controlplane.command.Command;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.Extent.Offsets;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
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

  private static final PartitionId PARTITION = new PartitionId(new TopicId(0, 1), 0);
  private static final PartitionBounds BOUNDS = new PartitionBounds(0, 10, 10);
  private static final Extent OWN = new Extent(1, 8, 100, 0, 9, 5, -1, Offsets.OWN);

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

  @Test
  void anOldAgentIsRefusedWhatItCannotRead() {
    Asked<List<ExtentsFound>> found =
        new Asked<>(
            Command.of(ExtentIndex.class, it -> it.find(List.of(new ExtentQuery(PARTITION, 0, 1)))),
            List.of(new ExtentsFound.Found(BOUNDS, List.of(OWN), List.of())));
    RpcServer server = fixture.serveAt(2, 0, fake.reply(found));
    RpcPort old = fixture.connectAt(1, server);

    assertThatThrownBy(() -> old.ask(found.command()))
        .isInstanceOf(Rejected.class)
        .hasMessage(
            "the asker has to be upgraded: an extent with offsets of its own is not known at level"
                + " 1");
    assertThat(fixture.connectAt(2, server).ask(found.command())).isEqualTo(found.reply());
    assertThat(old.ask(RENEW)).isTrue();
  }

  @Test
  void aStreamToAnOldAgentEndsAtAnEventItCannotRead() throws InterruptedException {
    RpcServer server = fixture.serveAt(2, 0, fake);
    Event replaced = new Event.Replaced(PARTITION, List.of(OWN));
    FakeFeed.Recorder oldOne = new FakeFeed.Recorder();
    fixture.connectAt(1, server).feed().open(new AgentId(1), oldOne);
    FakeFeed.Opened opened = fake.feed.opened.take();
    oldOne.take(1);
    FakeFeed.Recorder newOne = new FakeFeed.Recorder();
    fixture.connectAt(2, server).feed().open(new AgentId(2), newOne);
    newOne.take(1);

    opened.listener.onEvents(List.of(new Event.CatalogChanged(2)));
    assertThat(oldOne.take(1)).containsExactly(new Event.CatalogChanged(2));
    opened.listener.onEvents(List.of(replaced));
    fake.feed.opened.take().listener.onEvents(List.of(replaced));

    assertThat(oldOne.broken.take())
        .contains("the asker has to be upgraded: Replaced is not known at level 1");
    assertThat(FakeFeed.within(opened.closed)).isTrue();
    assertThat(oldOne.events).isEmpty();
    assertThat(newOne.take(1)).containsExactly(replaced);
  }
}
