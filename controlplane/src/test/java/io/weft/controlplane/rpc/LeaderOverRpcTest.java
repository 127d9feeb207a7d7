package io.weft.controlplane.rpc;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.ControlPlaneContract;
import io.weft.controlplane.leader.LeaderSeat;
import io.weft.controlplane.leader.LeaderSettings;
import io.weft.environment.Environment;
import io.weft.rpc.HostPort;
import io.weft.storage.object.MemoryObjectStore;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/// A real leader, asked over loopback.
final class LeaderOverRpcTest extends ControlPlaneContract {
  private static final long START_MS_MAX = 30_000;

  private LeaderSeat seat;
  private RpcServer server;

  @Override
  protected ControlPlane open() {
    Environment environment = Environment.system();
    seat =
        LeaderSeat.open(
            new MemoryObjectStore(), LeaderSettings.standard("test", true), environment);
    seat.awaitLeading(START_MS_MAX);
    server = RpcServer.start(seat, RpcServerSettings.at(new HostPort("127.0.0.1", 0)), environment);
    List<HostPort> addresses = List.of(new HostPort("127.0.0.1", server.port()));
    return RpcPort.connect(addresses, RpcClientSettings.defaults(), environment);
  }

  @AfterEach
  void close() {
    server.close();
    seat.close();
  }
}
