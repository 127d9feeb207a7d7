package io.weft.controlplane.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.api.Groups;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.CommandPort;
import io.weft.model.OpaqueBytes;
import io.weft.rpc.HostPort;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RpcServerTest {
  private final RpcFixture fixture = new RpcFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void anAddressThatIsTakenIsNamed() {
    HostPort taken = new HostPort("127.0.0.1", fixture.serve(new FakePort()).port());

    assertThatThrownBy(() -> fixture.serve(new FakePort(), RpcServerSettings.at(taken)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("cannot listen at " + taken);
  }

  @Test
  void anAddressThatCannotBeFoundIsNamed() {
    HostPort unknown = new HostPort("no-such-host.invalid", 0);

    assertThatThrownBy(() -> fixture.serve(new FakePort(), RpcServerSettings.at(unknown)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage("cannot listen at " + unknown);
  }

  /// Else the ninth would be refused.
  @Test
  void repliesThatWereTakenCountNoMore() throws InterruptedException {
    int bytesMax = 1_000;
    Command<OpaqueBytes> ask =
        Command.of(
            Groups.class,
            it ->
                it.coordinate(
                    new GroupRequest(
                        (short) 9,
                        (short) 9,
                        new GroupRequest.Client("c", "127.0.0.1", "User:A"),
                        1_000,
                        OpaqueBytes.of(new byte[3]))));
    OpaqueBytes reply = OpaqueBytes.of(new byte[900]);
    RpcServerSettings standard = RpcServerSettings.at(new HostPort("127.0.0.1", 0));
    RpcServer server =
        fixture.serve(
            new FakePort().reply(ask, reply),
            new RpcServerSettings(
                standard.listen(),
                standard.security(),
                bytesMax,
                standard.callsMax(),
                standard.feedsMax(),
                standard.feedBacklogMax(),
                standard.heartbeatMs(),
                standard.drainMs()));
    CommandPort port = fixture.connect(server);
    for (int i = 0; i < 20; i++) {
      assertThat(port.ask(ask)).isEqualTo(reply);
      // The client may have it before the server knows that the call is closed.
      awaitNothingOnItsWay(server);
    }
  }

  private static void awaitNothingOnItsWay(RpcServer server) throws InterruptedException {
    long endMs = RpcFixture.ENVIRONMENT.clock().monotonicMs() + 30_000;
    while (server.replyBytesOnTheirWay() > 0) {
      assertThat(RpcFixture.ENVIRONMENT.clock().monotonicMs())
          .as("replies of %d bytes on their way", server.replyBytesOnTheirWay())
          .isLessThan(endMs);
      RpcFixture.ENVIRONMENT.tasks().sleepMs(1);
    }
  }

  @Test
  void closingTwiceIsAsClosingOnce() {
    RpcServer server = fixture.serve(new FakePort());
    server.close();

    assertThatCode(server::close).doesNotThrowAnyException();
  }
}
