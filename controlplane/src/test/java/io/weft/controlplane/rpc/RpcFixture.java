package io.weft.controlplane.rpc;

import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.weft.environment.Environment;
import io.weft.environment.Tasks;
import io.weft.rpc.HostPort;
import io.weft.rpc.RpcSecurity;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Servers and ports of one test, on loopback and free ports, closed in reverse order.
final class RpcFixture implements AutoCloseable {
  static final Environment ENVIRONMENT = Environment.system();

  private final Deque<Runnable> closing = new ArrayDeque<>();

  static RpcServerSettings serverSettings() {
    return RpcServerSettings.at(new HostPort("127.0.0.1", 0));
  }

  static RpcClientSettings clientSettings(long callTimeoutMs, long attemptTimeoutMs) {
    return new RpcClientSettings(
        new RpcSecurity.PlainText(), callTimeoutMs, attemptTimeoutMs, 8_000, 1 << 20);
  }

  RpcServer serve(FakePort port) {
    return serve(port, serverSettings());
  }

  /// The real one, but for what escapes its threads: it is kept.
  static Environment reporting(Queue<Throwable> escaped) {
    Tasks real = ENVIRONMENT.tasks();
    Tasks tasks =
        new Tasks() {
          @Override
          public Thread start(String name, Runnable body) {
            return real.start(
                name,
                () -> {
                  try {
                    body.run();
                  } catch (RuntimeException | Error e) {
                    escaped.add(e);
                  }
                });
          }

          @Override
          public void sleepMs(long durationMs) throws InterruptedException {
            real.sleepMs(durationMs);
          }

          @Override
          public boolean awaitMs(ReentrantLock lock, Condition condition, long timeoutMs)
              throws InterruptedException {
            return real.awaitMs(lock, condition, timeoutMs);
          }
        };
    return new Environment(ENVIRONMENT.clock(), tasks, ENVIRONMENT.randomness());
  }

  RpcServer serve(FakePort port, Environment environment) {
    RpcServer server = RpcServer.start(port, serverSettings(), environment);
    closing.push(server::close);
    return server;
  }

  RpcServer serve(FakePort port, RpcServerSettings settings) {
    RpcServer server = RpcServer.start(port, settings, ENVIRONMENT);
    closing.push(server::close);
    return server;
  }

  /// A server as a release is that knows levels up to this one.
  RpcServer serveAt(int level, int port, FakePort answering) {
    RpcServerSettings settings = RpcServerSettings.at(new HostPort("127.0.0.1", port));
    RpcServer server = RpcServer.start(answering, settings, level, ENVIRONMENT);
    closing.push(server::close);
    return server;
  }

  /// A port as a release has it that knows levels up to this one.
  RpcPort connectAt(int level, RpcServer... servers) {
    List<HostPort> addresses = new ArrayList<>();
    for (RpcServer server : servers) {
      addresses.add(new HostPort("127.0.0.1", server.port()));
    }
    return connectAt(level, addresses);
  }

  RpcPort connectAt(int level, List<HostPort> addresses) {
    RpcPort port = RpcPort.connect(addresses, clientSettings(60_000, 8_000), level, ENVIRONMENT);
    closing.push(port::close);
    return port;
  }

  RpcPort connect(RpcServer... servers) {
    return connect(clientSettings(60_000, 8_000), servers);
  }

  RpcPort connect(RpcClientSettings settings, RpcServer... servers) {
    List<HostPort> addresses = new ArrayList<>();
    for (RpcServer server : servers) {
      addresses.add(new HostPort("127.0.0.1", server.port()));
    }
    return connect(settings, addresses);
  }

  RpcPort connect(RpcClientSettings settings, List<HostPort> addresses) {
    RpcPort port = RpcPort.connect(addresses, settings, ENVIRONMENT);
    closing.push(port::close);
    return port;
  }

  /// A plain gRPC client, to send what ours would not.
  ManagedChannel rawChannel(RpcServer server) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
    closing.push(channel::shutdownNow);
    return channel;
  }

  void onClose(Runnable action) {
    closing.push(action);
  }

  @Override
  public void close() {
    closing.forEach(Runnable::run);
  }
}
