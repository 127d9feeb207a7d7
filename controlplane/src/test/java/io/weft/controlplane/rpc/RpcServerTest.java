package io.weft.controlplane.rpc;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

  @Test
  void closingTwiceIsAsClosingOnce() {
    RpcServer server = fixture.serve(new FakePort());
    server.close();

    assertThatCode(server::close).doesNotThrowAnyException();
  }
}
