package io.weft.server.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.rpc.RpcClientSettings;
import io.weft.controlplane.rpc.RpcPort;
import io.weft.controlplane.rpc.RpcServerSettings;
import io.weft.environment.Environment;
import io.weft.rpc.HostPort;
import io.weft.rpc.RpcSecurity;
import io.weft.server.process.WeftProcess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A connection to the control plane that died without a word does not hold up the next attempt.
@Timeout(300)
class SilentControlPlaneTest {
  /// Less than gRPC takes to find out that a connection is dead.
  private static final long CALL_TIMEOUT_MS = 13_000;

  private static final long ATTEMPT_TIMEOUT_MS = 1_000;

  @TempDir Path folder;

  @Test
  void theNextAttemptConnectsAnew() throws Exception {
    List<String> arguments =
        List.of(
            "control-plane",
            "--listen",
            "127.0.0.1:0",
            "--journal",
            "file:" + folder.resolve("journal"));
    try (WeftProcess process = WeftProcess.start(folder.resolve("control-plane"), arguments);
        FaultyProxy proxy = FaultyProxy.start(process.port(), 1);
        ControlPlane controlPlane = connect(proxy)) {
      long version = controlPlane.as(TopicCatalog.class).read(-1).orElseThrow().version();
      // On a busy machine the first answer may have taken more than one attempt, each a connection.
      assertThat(proxy.silence()).isPositive();

      assertThat(controlPlane.as(TopicCatalog.class).read(-1).orElseThrow().version())
          .isEqualTo(version);
    }
  }

  private static ControlPlane connect(FaultyProxy proxy) {
    RpcClientSettings settings =
        new RpcClientSettings(
            new RpcSecurity.PlainText(),
            CALL_TIMEOUT_MS,
            ATTEMPT_TIMEOUT_MS,
            RpcClientSettings.FEED_SILENCE_MS,
            RpcServerSettings.MESSAGE_BYTES_MAX);
    return RpcPort.connect(
        List.of(HostPort.parse(proxy.address())), settings, Environment.system());
  }
}
