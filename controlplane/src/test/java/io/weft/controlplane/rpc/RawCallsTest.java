package io.weft.controlplane.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.Asked;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.FeedCodec;
import io.weft.controlplane.command.FeedRequest;
import io.weft.model.AgentId;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What a server answers to clients that are not ours.
@Timeout(300)
class RawCallsTest {
  private static final Asked<Boolean> RENEW =
      new Asked<>(Command.of(Membership.class, it -> it.renew(new AgentId(1))), true);

  private final RpcFixture fixture = new RpcFixture();
  private final FakePort fake = new FakePort().reply(RENEW);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void malformedCommandsAreSaidToBe() {
    ManagedChannel channel = fixture.rawChannel(fixture.serve(fake));

    assertThat(codeOf(channel, new byte[0])).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(codeOf(channel, new byte[] {9, 9, 9})).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(fake.asked).hasValue(0);
  }

  @Test
  void bytesBehindACommandAreMalformed() {
    ManagedChannel channel = fixture.rawChannel(fixture.serve(fake));
    byte[] renew = RENEW.commandBytes();
    byte[] longer = Arrays.copyOf(renew, renew.length + 1);

    assertThat(codeOf(channel, longer)).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(fake.asked).hasValue(0);
  }

  @Test
  void noiseNeverDoesHarm() {
    long seed = new Random().nextLong();
    System.out.println("RawCallsTest.noiseNeverDoesHarm: seed " + seed);
    Random random = new Random(seed);
    FakePort unknowing = new FakePort();
    RpcServer server = fixture.serve(unknowing);
    ManagedChannel channel = fixture.rawChannel(server);
    for (int i = 0; i < 300; i++) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      if (noise.length > 1) {
        noise[0] = 1;
        noise[1] = (byte) random.nextInt(20);
      }
      assertThat(codeOf(channel, noise))
          .isIn(Status.Code.INVALID_ARGUMENT, Status.Code.FAILED_PRECONDITION);
    }
    unknowing.reply(RENEW);

    assertThat(fixture.connect(server).ask(RENEW.command())).isTrue();
  }

  @Test
  void aMessageOverTheLimitIsRefusedAndTheServerLives() {
    RpcServerSettings defaults = RpcFixture.serverSettings();
    RpcServerSettings tight =
        new RpcServerSettings(
            defaults.listen(), defaults.security(), 1_000, 10, 10, 1_000, 1_000, 0);
    RpcServer server = fixture.serve(fake, tight);
    ManagedChannel channel = fixture.rawChannel(server);

    assertThatThrownBy(() -> ask(channel, new byte[100_000]))
        .isInstanceOf(StatusRuntimeException.class);
    assertThat(fake.asked).hasValue(0);
    assertThat(fixture.connect(server).ask(RENEW.command())).isTrue();
  }

  @Test
  void anUnknownMethodIsUnimplemented() {
    MethodDescriptor<byte[], byte[]> unknown =
        RpcMethods.ASK.toBuilder().setFullMethodName("weft.ControlPlane/Nothing").build();
    ManagedChannel channel = fixture.rawChannel(fixture.serve(fake));

    assertThatThrownBy(
            () -> ClientCalls.blockingUnaryCall(channel, unknown, CallOptions.DEFAULT, new byte[0]))
        .hasMessageContaining("UNIMPLEMENTED");
  }

  @Test
  void aFeedBeginsWithOpen() throws InterruptedException {
    Responses responses = new Responses();
    StreamObserver<byte[]> requests = feed(fixture.serve(fake), responses);
    requests.onNext(bytes(new FeedRequest.Watch(RpcSamples.partitions(1))));

    assertThat(responses.ended.take().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(fake.feed.opens).hasValue(0);
  }

  @Test
  void aFeedIsOpenedOnce() throws InterruptedException {
    Responses responses = new Responses();
    StreamObserver<byte[]> requests = feed(fixture.serve(fake), responses);
    requests.onNext(bytes(new FeedRequest.Open(new AgentId(1))));
    requests.onNext(bytes(new FeedRequest.Open(new AgentId(1))));

    assertThat(responses.ended.take().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(fake.feed.opened.take().closed.await()).isTrue();
    assertThat(fake.feed.opens).hasValue(1);
  }

  @Test
  void malformedFeedRequestsEndTheFeed() throws InterruptedException {
    Responses responses = new Responses();
    StreamObserver<byte[]> requests = feed(fixture.serve(fake), responses);
    requests.onNext(bytes(new FeedRequest.Open(new AgentId(1))));
    requests.onNext(new byte[] {1, 77});

    assertThat(responses.ended.take().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(fake.feed.opened.take().closed.await()).isTrue();
  }

  @Test
  void aFeedThatSaysNothingIsEnded() throws InterruptedException {
    Responses responses = new Responses();
    feed(fixture.serve(fake, settings(10, 20)), responses);

    assertThat(responses.ended.take().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
  }

  @Test
  void aFeedWithNothingToSayGivesSignsOfLife() throws InterruptedException {
    Responses responses = new Responses();
    StreamObserver<byte[]> requests = feed(fixture.serve(fake, settings(10, 20)), responses);
    requests.onNext(bytes(new FeedRequest.Open(new AgentId(1))));

    assertThat(eventsIn(responses.messages.take())).isEqualTo(1);
    for (int i = 0; i < 3; i++) {
      assertThat(eventsIn(responses.messages.take())).isZero();
    }
  }

  @Test
  void oneFeedTooManyIsToldToComeAgain() throws InterruptedException {
    RpcServer server = fixture.serve(fake, settings(1, 1_000));
    Responses first = new Responses();
    feed(server, first).onNext(bytes(new FeedRequest.Open(new AgentId(1))));
    first.messages.take();
    Responses second = new Responses();
    feed(server, second);

    assertThat(second.ended.take().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(first.ended).isEmpty();
  }

  @Test
  void aClientThatCompletesItsFeedIsLetGo() throws InterruptedException {
    Responses responses = new Responses();
    StreamObserver<byte[]> requests = feed(fixture.serve(fake), responses);
    requests.onNext(bytes(new FeedRequest.Open(new AgentId(1))));
    requests.onCompleted();

    assertThat(responses.ended.take()).isEqualTo(Status.OK);
    assertThat(fake.feed.opened.take().closed.await()).isTrue();
  }

  private static RpcServerSettings settings(int feedsMax, long heartbeatMs) {
    RpcServerSettings defaults = RpcFixture.serverSettings();
    return new RpcServerSettings(
        defaults.listen(), defaults.security(), 1 << 20, 10, feedsMax, 1_000, heartbeatMs, 0);
  }

  private StreamObserver<byte[]> feed(RpcServer server, Responses responses) {
    return ClientCalls.asyncBidiStreamingCall(
        fixture.rawChannel(server).newCall(RpcMethods.FEED, CallOptions.DEFAULT), responses);
  }

  private static Status.Code codeOf(ManagedChannel channel, byte[] request) {
    try {
      ask(channel, request);
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  private static byte[] ask(ManagedChannel channel, byte[] request) {
    return ClientCalls.blockingUnaryCall(channel, RpcMethods.ASK, CallOptions.DEFAULT, request);
  }

  private static byte[] bytes(FeedRequest request) {
    WireWriter out = new WireWriter();
    FeedCodec.writeRequest(request, Levels.FIRST, out);
    return out.toByteArray();
  }

  private static int eventsIn(byte[] message) {
    List<?> events = FeedCodec.readEvents(new WireReader(message));
    return events.size();
  }

  /// What a raw client hears.
  private static final class Responses implements StreamObserver<byte[]> {
    final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
    final BlockingQueue<Status> ended = new LinkedBlockingQueue<>();

    @Override
    public void onNext(byte[] message) {
      messages.add(message);
    }

    @Override
    public void onError(Throwable failure) {
      ended.add(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
      ended.add(Status.OK);
    }
  }
}
