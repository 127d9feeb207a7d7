package io.weft.controlplane.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.weft.controlplane.api.ControlPlaneException.Rejected;
import io.weft.controlplane.api.ControlPlaneException.Unavailable;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.FeedCodec;
import io.weft.model.AgentId;
import io.weft.rpc.HostPort;
import io.weft.rpc.RpcSecurity;
import io.weft.rpc.RpcStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a client makes of servers that say nothing, or nonsense.
@Timeout(300)
class DeadPeerTest {
  private static final Command<Boolean> RENEW =
      Command.of(Membership.class, it -> it.renew(new AgentId(1)));
  private static final byte[] HEARTBEAT = heartbeat();

  private final RpcFixture fixture = new RpcFixture();
  private final FakeFeed.Recorder recorder = new FakeFeed.Recorder();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void anAddressThatAcceptsAndSaysNothingIsPassedOver() throws IOException {
    try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      RpcServer server = fixture.serve(new FakePort().reply(RENEW, true));
      RpcPort port =
          fixture.connect(
              RpcFixture.clientSettings(60_000, 300),
              List.of(local(mute.getLocalPort()), local(server.port())));

      assertThat(port.ask(RENEW)).isTrue();
    }
  }

  @Test
  void anAddressWhereNobodyListensIsPassedOver() throws IOException {
    // It has a port and does not listen.
    try (Socket refusing = new Socket()) {
      refusing.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      RpcServer server = fixture.serve(new FakePort().reply(RENEW, true));
      RpcPort port =
          fixture.connect(
              RpcClientSettings.defaults(),
              List.of(local(refusing.getLocalPort()), local(server.port())));

      assertThat(port.ask(RENEW)).isTrue();
    }
  }

  @Test
  void anUnknownHostIsUnavailable() {
    RpcPort port =
        fixture.connect(
            RpcFixture.clientSettings(500, 500),
            List.of(new HostPort("no-such-host.invalid", 9_090)));

    assertThatThrownBy(() -> port.ask(RENEW)).isInstanceOf(Unavailable.class);
  }

  @Test
  void aReplyThatCannotBeReadIsUnavailable() throws IOException {
    RpcPort port = connectTo(replying(new byte[] {1, 13, 7}), 8_000);

    assertThatThrownBy(() -> port.ask(RENEW))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("a reply that cannot be read");
  }

  @Test
  void aServerOfAnotherKindRejects() throws IOException {
    Server other =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .build()
            .start();
    fixture.onClose(other::shutdownNow);
    RpcPort port = connectTo(other, 8_000);

    assertThatThrownBy(() -> port.ask(RENEW)).isInstanceOf(Rejected.class);
  }

  @Test
  void aFeedThatFallsSilentIsBroken() throws IOException, InterruptedException {
    RpcPort port = connectTo(feeding(responses -> responses.onNext(HEARTBEAT)), 300);
    port.feed().open(new AgentId(1), recorder);

    assertThat(recorder.broken.take()).isEqualTo("nothing heard in 300 ms");
  }

  @Test
  void aFeedThatNeverBeginsIsBroken() throws IOException, InterruptedException {
    AtomicInteger asked = new AtomicInteger();
    RpcPort port = connectTo(feeding(responses -> asked.incrementAndGet()), 8_000);
    port.feed().open(new AgentId(1), recorder);

    assertThat(recorder.broken.take()).contains("nothing heard");
    assertThat(asked).hasPositiveValue();
  }

  @Test
  void eventsThatCannotBeReadBreakTheFeed() throws IOException, InterruptedException {
    RpcPort port = connectTo(feeding(responses -> responses.onNext(new byte[] {1, 2, 99})), 8_000);
    port.feed().open(new AgentId(1), recorder);

    assertThat(recorder.broken.take()).contains("events that cannot be read");
    assertThat(recorder.events).isEmpty();
  }

  @Test
  void aFeedTheServerEndsOrderlyIsBrokenAllTheSame() throws IOException, InterruptedException {
    RpcPort port =
        connectTo(
            feeding(
                responses -> {
                  responses.onNext(HEARTBEAT);
                  responses.onCompleted();
                }),
            8_000);
    port.feed().open(new AgentId(1), recorder);

    assertThat(recorder.broken.take()).contains("ended the feed");
  }

  private interface Feeding {
    void answer(StreamObserver<byte[]> responses);
  }

  /// A server of the first level that does something when a feed is opened, and then nothing.
  private Server feeding(Feeding feeding) throws IOException {
    ServerCalls.BidiStreamingMethod<byte[], byte[]> method =
        responses -> {
          feeding.answer(responses);
          return new Deaf();
        };
    ServerCalls.UnaryMethod<byte[], byte[]> greeted =
        (greeting, responses) ->
            responses.onError(RpcStatus.malformed("unknown kind").asRuntimeException());
    return start(
        ServerServiceDefinition.builder(RpcMethods.SERVICE)
            .addMethod(RpcMethods.ASK, ServerCalls.asyncUnaryCall(greeted))
            .addMethod(RpcMethods.FEED, ServerCalls.asyncBidiStreamingCall(method))
            .build());
  }

  private Server replying(byte[] reply) throws IOException {
    ServerCalls.UnaryMethod<byte[], byte[]> method =
        (request, responses) -> {
          responses.onNext(reply);
          responses.onCompleted();
        };
    return start(
        ServerServiceDefinition.builder(RpcMethods.SERVICE)
            .addMethod(RpcMethods.ASK, ServerCalls.asyncUnaryCall(method))
            .build());
  }

  private Server start(ServerServiceDefinition service) throws IOException {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(service)
            .build()
            .start();
    fixture.onClose(server::shutdownNow);
    return server;
  }

  private RpcPort connectTo(Server server, long feedSilenceMs) {
    RpcClientSettings settings =
        new RpcClientSettings(new RpcSecurity.PlainText(), 4_000, 3_000, feedSilenceMs, 1 << 20);
    return fixture.connect(settings, List.of(local(server.getPort())));
  }

  private static HostPort local(int port) {
    return new HostPort("127.0.0.1", port);
  }

  private static byte[] heartbeat() {
    WireWriter out = new WireWriter();
    FeedCodec.writeEvents(List.of(), Levels.FIRST, out);
    return out.toByteArray();
  }

  private static final class Deaf implements StreamObserver<byte[]> {
    @Override
    public void onNext(byte[] message) {}

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onCompleted() {}
  }
}
