package io.weft.controlplane.rpc;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.api.admin.Releases.Greeting;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.command.Asked;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.CommandCodec;
import io.weft.rpc.HostPort;
import io.weft.rpc.RpcStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// A server that says which level it knows, keeps the bytes of all else that it is asked, and gives
/// one reply, whatever it is. Thread-safe.
final class RawPeer implements AutoCloseable {
  final BlockingQueue<byte[]> asked = new LinkedBlockingQueue<>();
  final AtomicInteger greeted = new AtomicInteger();
  private final Greeting greeting;
  private final Optional<byte[]> reply;
  private final Server server;
  private volatile Runnable onGreeting = () -> {};

  /// @param reply to all but greetings; empty: it does not lead
  RawPeer(int level, Optional<byte[]> reply) {
    this.greeting = new Greeting(Levels.RELEASE, level);
    this.reply = reply;
    ServerServiceDefinition service =
        ServerServiceDefinition.builder(RpcMethods.SERVICE)
            .addMethod(RpcMethods.ASK, ServerCalls.asyncUnaryCall(this::answer))
            .build();
    try {
      server =
          NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
              .addService(service)
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Runs while a peer waits to be greeted back.
  void onGreeting(Runnable hook) {
    onGreeting = hook;
  }

  HostPort address() {
    return new HostPort("127.0.0.1", server.getPort());
  }

  private void answer(byte[] request, StreamObserver<byte[]> replies) {
    Optional<byte[]> answer = greeted(request).or(() -> kept(request));
    if (answer.isEmpty()) {
      replies.onError(RpcStatus.unavailable("not leading").asRuntimeException());
      return;
    }
    replies.onNext(answer.get());
    replies.onCompleted();
  }

  private Optional<byte[]> kept(byte[] request) {
    asked.add(request);
    return reply;
  }

  private Optional<byte[]> greeted(byte[] request) {
    Command<Greeting> sample = Command.of(Releases.class, it -> it.greet(greeting));
    if (request[1] != sample.question().kind()) {
      return Optional.empty();
    }
    var _ = CommandCodec.readCommand(new WireReader(request));
    greeted.incrementAndGet();
    onGreeting.run();
    return Optional.of(new Asked<>(sample, greeting).replyBytes());
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
