package io.weft.controlplane.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.ControlPlaneException.Unavailable;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.command.Command;
import io.weft.model.AgentId;
import io.weft.rpc.HostPort;
import io.weft.rpc.RpcSecurity;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class RpcSecurityTest {
  private static final Command<Boolean> RENEW =
      Command.of(Membership.class, it -> it.renew(new AgentId(1)));

  @TempDir private static Path folder;
  private static SelfSigned server;
  private static SelfSigned agent;
  private static SelfSigned stranger;
  private static SelfSigned elsewhere;

  private final RpcFixture fixture = new RpcFixture();
  private final FakePort fake = new FakePort().reply(RENEW, true);

  @BeforeAll
  static void makeCertificates() throws Exception {
    server = SelfSigned.make(folder, "server", "ip:127.0.0.1");
    agent = SelfSigned.make(folder, "agent", "dns:agent");
    stranger = SelfSigned.make(folder, "stranger", "ip:127.0.0.1");
    elsewhere = SelfSigned.make(folder, "elsewhere", "dns:elsewhere");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void sidesThatTrustEachOtherTalk() {
    RpcPort port = connect(serve(server), agent.trusting(server));

    assertThat(port.ask(RENEW)).isTrue();
  }

  @Test
  void anAgentTheServerDoesNotTrustGetsNothing() {
    RpcPort port = connect(serve(server), stranger.trusting(server));

    assertThatThrownBy(() -> port.ask(RENEW)).isInstanceOf(Unavailable.class);
    assertThat(fake.asked).hasValue(0);
  }

  @Test
  void anAgentThatSpeaksPlainTextGetsNothing() {
    RpcPort port = connect(serve(server), new RpcSecurity.PlainText());

    assertThatThrownBy(() -> port.ask(RENEW)).isInstanceOf(Unavailable.class);
    assertThat(fake.asked).hasValue(0);
  }

  @Test
  void aServerTheAgentDoesNotTrustIsAskedNothing() {
    RpcPort port = connect(serve(stranger), agent.trusting(server));

    assertThatThrownBy(() -> port.ask(RENEW)).isInstanceOf(Unavailable.class);
    assertThat(fake.asked).hasValue(0);
  }

  @Test
  void aServerWithACertificateForAnotherHostIsAskedNothing() {
    RpcPort port = connect(serve(elsewhere), agent.trusting(elsewhere));

    assertThatThrownBy(() -> port.ask(RENEW)).isInstanceOf(Unavailable.class);
    assertThat(fake.asked).hasValue(0);
  }

  @Test
  void aMissingFileIsSaidToBeMissing() {
    RpcSecurity missing =
        new RpcSecurity.MutualTls(
            folder.resolve("nothing.pem"), folder.resolve("nothing.key"), folder);

    assertThatThrownBy(() -> fixture.serve(fake, RpcFixture.serverSettings().with(missing)))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("nothing.pem");
  }

  private RpcServer serve(SelfSigned own) {
    return fixture.serve(fake, RpcFixture.serverSettings().with(own.trusting(agent)));
  }

  private RpcPort connect(RpcServer to, RpcSecurity security) {
    return fixture.connect(
        RpcFixture.clientSettings(2_000, 2_000).with(security),
        List.of(new HostPort("127.0.0.1", to.port())));
  }
}
