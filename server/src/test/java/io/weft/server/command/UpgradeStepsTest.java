package io.weft.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.ControlPlaneException.Unavailable;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.CommandPort;
import io.weft.controlplane.rpc.RpcServer;
import io.weft.controlplane.rpc.RpcServerSettings;
import io.weft.environment.Environment;
import io.weft.model.AgentId;
import io.weft.rpc.HostPort;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class UpgradeStepsTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Deque<Runnable> closing = new ArrayDeque<>();
  private volatile int finished;

  @AfterEach
  void close() {
    closing.forEach(Runnable::run);
  }

  @Test
  void anAddressThatDoesNotAnswerIsSaidSoAndTheOthersAreShown() throws IOException {
    int down = portWithoutListener();
    int other = serverOfAnotherKind();
    int old = control(Levels.FIRST, false);
    int leading = control(Levels.KNOWN, true);

    assertThat(run("status", down, other, old, leading)).isZero();
    assertThat(out.toString().lines())
        .startsWith(
            "control plane 127.0.0.1:%d: does not answer".formatted(down),
            "control plane 127.0.0.1:%d: refuses to answer: 127.0.0.1:%d: Method not found: weft.ControlPlane/Ask"
                .formatted(other, other),
            "control plane 127.0.0.1:%d: a release that knows level 1 alone".formatted(old),
            "control plane 127.0.0.1:%d: release %s, level %d"
                .formatted(leading, Levels.RELEASE, Levels.KNOWN),
            "agent 3: level 2",
            "agent 4: not heard from yet",
            "final: level 1");
  }

  @Test
  void itIsNotFinishedWhileAnAddressDoesNotAnswer() throws IOException {
    int down = portWithoutListener();
    int leading = control(Levels.KNOWN, true);

    assertThat(run("finish", leading, down)).isNotZero();
    assertThat(err.toString())
        .contains(
            "Level 2 cannot be final: the control plane at 127.0.0.1:%d does not answer."
                .formatted(down));
    assertThat(finished).isZero();

    assertThat(run("finish", leading)).isZero();
    assertThat(finished).isEqualTo(2);
  }

  private int run(String step, int... ports) {
    List<String> addresses = Arrays.stream(ports).mapToObj(port -> "127.0.0.1:" + port).toList();
    return new WeftCommand(Map.of(), new PrintWriter(out, true), new PrintWriter(err, true))
        .run("upgrade", step, "--control-plane", String.join(",", addresses));
  }

  /// Bound, so that nothing else gets it meanwhile, and not listening.
  private int portWithoutListener() throws IOException {
    Socket bound = new Socket();
    closing.push(() -> closed(bound));
    bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return bound.getLocalPort();
  }

  private static void closed(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int serverOfAnotherKind() throws IOException {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .build()
            .start();
    closing.push(server::shutdownNow);
    return server.getPort();
  }

  private int control(int level, boolean leads) {
    RpcServer server =
        RpcServer.start(
            new Port(leads),
            RpcServerSettings.at(new HostPort("127.0.0.1", 0)),
            level,
            Environment.system());
    closing.push(server::close);
    return server.port();
  }

  /// Answers what is asked of releases, or does not lead.
  private final class Port implements CommandPort, Releases {
    private final boolean leads;

    Port(boolean leads) {
      this.leads = leads;
    }

    @Override
    public <R> R ask(Command<R> command) {
      if (!leads) {
        throw new Unavailable("not leading", null);
      }
      return command.askOf(Releases.class, this).orElseThrow();
    }

    @Override
    public Greeting greet(Greeting mine) {
      throw new AssertionError("answered by the server");
    }

    @Override
    public Status describe() {
      return new Status(
          1,
          Levels.KNOWN,
          List.of(new AgentLevel(new AgentId(3), 2), new AgentLevel(new AgentId(4), 0)));
    }

    @Override
    public void finish(int level) {
      finished = level;
    }

    @Override
    public CommitFeed feed() {
      return (agent, listener) -> {
        throw new Unavailable("no feed", null);
      };
    }

    @Override
    public void close() {}
  }
}
