package io.weft.controlplane.rpc;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.command.CommandPort;
import io.weft.environment.Environment;
import io.weft.rpc.HostPort;
import io.weft.rpc.TaskExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/// Serves a command port to agents over gRPC. Thread-safe.
///
/// It serves whether the port leads or not: a port that does not says `Unavailable`, and clients go
/// on to the next address.
public final class RpcServer implements AutoCloseable {
  /// A connection that is silent this long is asked for a sign of life, which must come in the same
  /// time again.
  private static final long KEEP_ALIVE_MS = 4_000;

  /// Clients may not ask for one more often than this.
  private static final long CLIENT_KEEP_ALIVE_MS_MIN = 5_000;

  private static final int HEADER_BYTES_MAX = 8 << 10;
  private static final long DRAIN_STEP_MS = 10;

  private final Server server;
  private final AskEndpoint asks;
  private final FeedEndpoint feeds;
  private final RpcServerSettings settings;
  private final Environment environment;

  private RpcServer(
      Server server,
      AskEndpoint asks,
      FeedEndpoint feeds,
      RpcServerSettings settings,
      Environment environment) {
    this.server = server;
    this.asks = asks;
    this.feeds = feeds;
    this.settings = settings;
    this.environment = environment;
  }

  /// Listens and answers, from now on. The port stays its owner's: closing the server leaves it
  /// open.
  ///
  /// @throws UncheckedIOException if the address cannot be bound or a TLS file cannot be read
  public static RpcServer start(
      CommandPort port, RpcServerSettings settings, Environment environment) {
    return start(port, settings, Levels.KNOWN, environment);
  }

  /// As [#start(CommandPort, RpcServerSettings, Environment)].
  ///
  /// @param level the highest that this side is to know
  public static RpcServer start(
      CommandPort port, RpcServerSettings settings, int level, Environment environment) {
    AskEndpoint asks = new AskEndpoint(port, settings, level);
    FeedEndpoint feeds = new FeedEndpoint(port.feed(), settings, level, environment);
    ServerServiceDefinition service =
        ServerServiceDefinition.builder(RpcMethods.SERVICE)
            .addMethod(RpcMethods.ASK, ServerCalls.asyncUnaryCall(asks))
            .addMethod(RpcMethods.FEED, ServerCalls.asyncBidiStreamingCall(feeds))
            .build();
    HostPort listen = settings.listen();
    Server server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(listen.host(), listen.port()), settings.security().ofServer())
            .executor(new TaskExecutor(environment.tasks(), "rpc-call"))
            .addService(service)
            .intercept(new LevelHeader())
            .maxInboundMessageSize(settings.messageBytesMax())
            .maxInboundMetadataSize(HEADER_BYTES_MAX)
            .maxConcurrentCallsPerConnection(2 * settings.callsMax())
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
    return new RpcServer(server, asks, feeds, settings, environment);
  }

  /// The port it listens at.
  public int port() {
    return server.getPort();
  }

  /// Bytes of replies that peers have not taken yet.
  long replyBytesOnTheirWay() {
    return asks.replyBytesOnTheirWay();
  }

  /// Takes no more calls, ends the feeds, answers what is being asked for at most `drainMs`, then
  /// cuts the rest off.
  @Override
  public void close() {
    server.shutdown();
    feeds.close();
    try {
      long untilMs = environment.clock().monotonicMs() + settings.drainMs();
      while (!server.isTerminated() && environment.clock().monotonicMs() < untilMs) {
        environment.tasks().sleepMs(DRAIN_STEP_MS);
      }
      server.shutdownNow();
      server.awaitTermination();
    } catch (InterruptedException e) {
      server.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
