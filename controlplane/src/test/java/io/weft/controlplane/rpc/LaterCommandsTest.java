package io.weft.controlplane.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.ControlPlaneException.Rejected;
import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.command.Asked;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.LaterCommands;
import io.weft.controlplane.command.LaterCommands.ChangedThing;
import io.weft.controlplane.command.LaterCommands.NewThing;
import io.weft.controlplane.command.LaterCommands.OldThing;
import io.weft.model.OpaqueBytes;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What is sent of commands that have something that a later level added.
@Timeout(120)
class LaterCommandsTest {
  private static final Command<Boolean> NEW = LaterCommands.take(new NewThing(7));
  private static final Command<Boolean> CHANGED = LaterCommands.take(new ChangedThing(7, 8));
  private static final Command<OpaqueBytes> COORDINATE =
      LaterCommands.coordinate(
          new GroupRequest(
              (short) 11,
              (short) 9,
              new GroupRequest.Client("client", "127.0.0.1", "User:a"),
              60_000,
              OpaqueBytes.of(new byte[0])));

  private final RpcFixture fixture = new RpcFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aCaseOfALaterLevelIsSentToAPeerThatKnowsIt() {
    RawPeer peer = answering(2, NEW);

    assertThat(port(peer).ask(NEW)).isTrue();
    assertThat(peer.asked).singleElement().isEqualTo(LaterCommands.bytes(NEW, 2));
  }

  @Test
  void aCaseOfSeveralLayoutsIsSentInThatOfTheLevelAgreedOn() {
    RawPeer older = answering(1, CHANGED);
    RawPeer newer = answering(2, CHANGED);

    assertThat(port(older).ask(CHANGED)).isTrue();
    assertThat(port(newer).ask(CHANGED)).isTrue();
    assertThat(older.asked).singleElement().isEqualTo(LaterCommands.bytes(CHANGED, 1));
    assertThat(newer.asked).singleElement().isEqualTo(LaterCommands.bytes(CHANGED, 2));
    assertThat(LaterCommands.bytes(CHANGED, 1)).isNotEqualTo(LaterCommands.bytes(CHANGED, 2));
  }

  @Test
  void eachPeerIsAskedAtItsOwnLevel() {
    RawPeer older = notLeading(1);
    RawPeer newer = answering(2, CHANGED);

    assertThat(port(older, newer).ask(CHANGED)).isTrue();
    assertThat(older.asked).singleElement().isEqualTo(LaterCommands.bytes(CHANGED, 1));
    assertThat(newer.asked).singleElement().isEqualTo(LaterCommands.bytes(CHANGED, 2));
  }

  @Test
  void aPeerThatDoesNotKnowACaseIsPassedOver() {
    RawPeer older = notLeading(1);
    RawPeer newer = answering(2, NEW);

    assertThat(port(older, newer).ask(NEW)).isTrue();
    assertThat(older.asked).isEmpty();
    assertThat(newer.asked).hasSize(1);
  }

  @Test
  void aCaseThatNoPeerKnowsIsRefusedWithOneSentence() {
    RawPeer older = answering(1, NEW);

    assertThatThrownBy(() -> port(older).ask(NEW))
        .isInstanceOf(Rejected.class)
        .hasMessage(
            "the control plane at %s has to be upgraded: NewThing is not known at level 1",
            older.address());
    assertThat(older.asked).isEmpty();
  }

  @Test
  void aSideThatIsHeldToTheFirstLevelDoesNotAskIt() {
    RawPeer peer = answering(1, NEW);
    Command<Boolean> old = LaterCommands.take(new OldThing(7));

    RpcPort port = fixture.connectAt(1, List.of(peer.address()));
    assertThatThrownBy(() -> port.ask(NEW))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("NewThing is not known at level 1");
    assertThat(port.ask(old)).isTrue();
  }

  @Test
  void aQuestionToTheCoordinatorPassesOverAPeerThatDoesNotKnowIt() {
    RawPeer older = notLeading(1);
    OpaqueBytes reply = OpaqueBytes.of(new byte[] {1, 2, 3});
    RawPeer newer = peer(2, Optional.of(new Asked<>(COORDINATE, reply).replyBytes(2)));

    assertThat(port(older, newer).ask(COORDINATE)).isEqualTo(reply);
    assertThat(older.asked).isEmpty();
    RpcPort alone = port(older);
    assertThatThrownBy(() -> alone.ask(COORDINATE))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("does not know Coordinate");
  }

  private RawPeer answering(int level, Command<Boolean> command) {
    return peer(level, Optional.of(new Asked<>(command, true).replyBytes(level)));
  }

  private RawPeer notLeading(int level) {
    return peer(level, Optional.empty());
  }

  private RawPeer peer(int level, Optional<byte[]> reply) {
    RawPeer peer = new RawPeer(level, reply);
    fixture.onClose(peer::close);
    return peer;
  }

  private RpcPort port(RawPeer... peers) {
    return fixture.connectAt(2, Stream.of(peers).map(RawPeer::address).toList());
  }
}
