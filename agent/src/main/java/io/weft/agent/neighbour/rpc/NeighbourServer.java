package io.weft.agent.neighbour.rpc;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.weft.agent.neighbour.NeighbourDesk;
import io.weft.agent.neighbour.NeighbourMessage;
import io.weft.environment.Environment;
import io.weft.rpc.HostPort;
import io.weft.rpc.RpcSecurity;
import io.weft.rpc.TaskExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/// Where other agents of the zone ask this one. Thread-safe.
public final class NeighbourServer implements AutoCloseable {
  private static final long KEEP_ALIVE_MS = 4_000;

  /// Neighbours may not ask for a sign of life more often than this.
  private static final long CLIENT_KEEP_ALIVE_MS_MIN = 5_000;

  private static final int HEADER_BYTES_MAX = 8 << 10;
  private static final int CALLS_PER_CONNECTION_MAX = 16;

  private final Server server;

  private NeighbourServer(Server server) {
    this.server = server;
  }

  /// Listens and answers, from now on.
  ///
  /// @throws UncheckedIOException if the address cannot be bound or a TLS file cannot be read
  public static NeighbourServer start(
      NeighbourDesk desk, HostPort listen, RpcSecurity security, Environment environment) {
    ServerServiceDefinition service =
        ServerServiceDefinition.builder(NeighbourMethod.SERVICE)
            .addMethod(
                NeighbourMethod.READ,
                ServerCalls.asyncServerStreamingCall(new NeighbourEndpoint(desk, environment)))
            .build();
    Server server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(listen.host(), listen.port()), security.ofServer())
            .executor(new TaskExecutor(environment.tasks(), "neighbour-rpc"))
            .addService(service)
            .maxInboundMessageSize(NeighbourMessage.SEALED_BYTES_MAX)
            .maxInboundMetadataSize(HEADER_BYTES_MAX)
            .maxConcurrentCallsPerConnection(CALLS_PER_CONNECTION_MAX)
            .keepAliveTime(KEEP_ALIVE_MS, TimeUnit.MILLISECONDS)
            .keepAliveTimeout(KEEP_ALIVE_MS, TimeUnit.MILLISECONDS)
            .permitKeepAliveTime(CLIENT_KEEP_ALIVE_MS_MIN, TimeUnit.MILLISECONDS)
            .permitKeepAliveWithoutCalls(true)
            .build();
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen at %s".formatted(listen), e);
    }
    return new NeighbourServer(server);
  }

  /// The port it listens at.
  public int port() {
    return server.getPort();
  }

  /// Cuts off what is being answered: the neighbours go to the store.
  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
