package io.weft.controlplane.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.ControlPlaneException.Rejected;
import io.weft.controlplane.api.ControlPlaneException.Unavailable;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Membership.Registered;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.command.Asked;
import io.weft.controlplane.command.AskedSamples;
import io.weft.controlplane.command.Command;
import io.weft.environment.Pending;
import io.weft.model.AgentId;
import io.weft.model.Zone;
import io.weft.rpc.HostPort;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class RpcPortTest {
  private static final Command<Boolean> RENEW =
      Command.of(Membership.class, it -> it.renew(new AgentId(1)));

  private final RpcFixture fixture = new RpcFixture();
  private final FakePort fake = new FakePort().reply(RENEW, true);

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void everyCommandGetsItsReply() {
    RpcPort port = fixture.connect(fixture.serve(fake));
    AskedSamples samples = new AskedSamples(42, Levels.KNOWN);
    for (int kind = 0; kind < samples.kinds(); kind++) {
      Asked<?> sample = samples.next(kind);
      fake.reply(sample);
      assertReplied(port, sample);
    }
  }

  private static <R> void assertReplied(RpcPort port, Asked<R> sample) {
    assertThat(port.ask(sample.command())).usingRecursiveComparison().isEqualTo(sample.reply());
  }

  @Test
  void aRejectionKeepsItsMessage() {
    RpcPort port = fixture.connect(fixture.serve(fake));

    assertThatThrownBy(() -> port.as(Membership.class).renew(new AgentId(2)))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("nobody told me of RenewAgent");
    assertThat(fake.asked).hasValue(1);
  }

  @Test
  void aVeryLongMessageIsCutShort() {
    fake.before(
        () -> {
          throw new Rejected("x".repeat(100_000));
        });
    RpcPort port = fixture.connect(fixture.serve(fake));

    assertThatThrownBy(() -> port.ask(RENEW))
        .isInstanceOf(Rejected.class)
        .hasMessageMatching("x{1000}…");
  }

  @Test
  void unavailableIsAskedAgainUntilTheDeadline() {
    fake.notLeading();
    RpcPort port = fixture.connect(RpcFixture.clientSettings(3_000, 1_500), fixture.serve(fake));

    assertThatThrownBy(() -> port.ask(RENEW))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("no answer in 3000 ms")
        .hasMessageContaining("not leading");
    assertThat(fake.asked).hasValueGreaterThan(1);
  }

  @Test
  void aBugIsUnavailableAndKeepsItsSecrets() {
    fake.before(
        () -> {
          throw new IllegalStateException("the password is 1234");
        });
    RpcPort port = fixture.connect(RpcFixture.clientSettings(4_000, 4_000), fixture.serve(fake));

    assertThatThrownBy(() -> port.ask(RENEW))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("the control plane failed; its log says why")
        .hasMessageNotContaining("1234");
  }

  @Test
  void aServerThatHangsEndsTheCallAtItsDeadlineAndIsInterrupted() throws InterruptedException {
    fake.hanging();
    RpcPort port = fixture.connect(RpcFixture.clientSettings(400, 8_000), fixture.serve(fake));

    assertThatThrownBy(() -> port.ask(RENEW)).isInstanceOf(Unavailable.class);
    assertThat(FakeFeed.within(fake.interrupted)).isTrue();
  }

  @Test
  void aServerThatDiesInTheMiddleIsReplacedByTheNext() throws InterruptedException {
    FakePort other = new FakePort().reply(RENEW, false);
    RpcServer dying = fixture.serve(fake.hanging(), withDrain(0));
    RpcPort port = fixture.connect(dying, fixture.serve(other));
    Pending<Boolean> reply = asked(port);
    fake.reached.await();
    dying.close();

    assertThat(reply.await()).isFalse();
  }

  @Test
  void aServerThatDiesInTheMiddleAloneIsUnavailable() throws InterruptedException {
    RpcServer dying = fixture.serve(fake.hanging(), withDrain(0));
    RpcPort port = fixture.connect(RpcFixture.clientSettings(2_000, 2_000), dying);
    Pending<Boolean> reply = asked(port);
    fake.reached.await();
    dying.close();

    assertThatThrownBy(reply::await).isInstanceOf(Unavailable.class);
  }

  @Test
  void aServerThatComesBackIsFoundAgain() {
    RpcServer first = fixture.serve(fake);
    int number = first.port();
    RpcPort port = fixture.connect(first);
    assertThat(port.ask(RENEW)).isTrue();
    first.close();
    RpcServerSettings same = RpcServerSettings.at(new HostPort("127.0.0.1", number));
    fixture.serve(new FakePort().reply(RENEW, false), same);

    assertThat(port.ask(RENEW)).isFalse();
  }

  @Test
  void theLeaderIsFoundAndRemembered() {
    fake.notLeading();
    FakePort leader = new FakePort().reply(RENEW, true);
    RpcPort port = fixture.connect(fixture.serve(fake), fixture.serve(leader));

    for (int i = 0; i < 5; i++) {
      assertThat(port.ask(RENEW)).isTrue();
    }

    assertThat(fake.asked).hasValue(1);
    assertThat(leader.asked).hasValue(5);
  }

  @Test
  void aLeaderThatMovesIsFollowed() {
    FakePort second = new FakePort().reply(RENEW, false).notLeading();
    RpcPort port = fixture.connect(fixture.serve(fake), fixture.serve(second));
    assertThat(port.ask(RENEW)).isTrue();

    fake.notLeading();
    second.before(() -> {});

    assertThat(port.ask(RENEW)).isFalse();
  }

  @Test
  void aHungLeaderIsPassedOverBeforeTheDeadline() {
    fake.hanging();
    FakePort leader = new FakePort().reply(RENEW, true);
    RpcPort port =
        fixture.connect(
            RpcFixture.clientSettings(60_000, 300), fixture.serve(fake), fixture.serve(leader));

    assertThat(port.ask(RENEW)).isTrue();
  }

  @Test
  void aCommandOverTheLimitIsRejectedWithoutAsking() {
    RpcPort port = fixture.connect(fixture.serve(fake));

    assertThatThrownBy(() -> port.ask(registration("h".repeat(2 << 20))))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("at most 1048576 are allowed");
    assertThat(fake.asked).hasValue(0);
  }

  @Test
  void aReplyOverTheLimitIsRejected() {
    List<Long> sizes = Collections.nCopies(5_000, Long.MAX_VALUE);
    Command<List<Long>> command = RpcSamples.partitionSizes(5_000);
    fake.reply(command, sizes);
    RpcServerSettings defaults = RpcFixture.serverSettings();
    RpcServerSettings tight =
        new RpcServerSettings(
            defaults.listen(), defaults.security(), 30_000, 10, 10, 1_000, 1_000, 0);
    RpcPort port = fixture.connect(fixture.serve(fake, tight));

    assertThatThrownBy(() -> port.ask(command))
        .isInstanceOf(Rejected.class)
        .hasMessageContaining("a reply of")
        .hasMessageContaining("at most 30000");
  }

  @Test
  void oneCallTooManyIsToldToComeAgain() throws InterruptedException {
    RpcServerSettings defaults = RpcFixture.serverSettings();
    RpcServerSettings one =
        new RpcServerSettings(
            defaults.listen(), defaults.security(), 1 << 20, 1, 10, 1_000, 1_000, 0);
    Pending<Boolean> gate = new Pending<>();
    RpcServer server = fixture.serve(fake.before(() -> passed(gate)), one);
    Pending<Boolean> first = asked(fixture.connect(server));
    fake.reached.await();
    RpcPort second = fixture.connect(RpcFixture.clientSettings(4_000, 4_000), server);

    assertThatThrownBy(() -> second.ask(RENEW))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("too many calls");
    gate.complete(true);
    assertThat(first.await()).isTrue();
  }

  @Test
  void closingTheServerAnswersWhatIsBeingAsked() throws InterruptedException {
    Pending<Boolean> gate = new Pending<>();
    RpcServer server = fixture.serve(fake.before(() -> passed(gate)));
    Pending<Boolean> reply = asked(fixture.connect(server));
    fake.reached.await();
    Pending<Boolean> closed = new Pending<>();
    RpcFixture.ENVIRONMENT
        .tasks()
        .start(
            "close",
            () -> {
              server.close();
              closed.complete(true);
            });
    gate.complete(true);

    assertThat(reply.await()).isTrue();
    assertThat(closed.await()).isTrue();
  }

  @Test
  void closingThePortEndsItsCalls() throws InterruptedException {
    RpcPort port = fixture.connect(fixture.serve(fake.hanging(), withDrain(0)));
    Pending<Boolean> reply = asked(port);
    fake.reached.await();
    port.close();

    assertThatThrownBy(reply::await).isInstanceOf(Unavailable.class).hasMessageContaining("closed");
    assertThatThrownBy(() -> port.ask(RENEW)).isInstanceOf(Unavailable.class);
  }

  @Test
  void anInterruptedAskerGetsNoAnswer() {
    RpcPort port = fixture.connect(fixture.serve(fake.hanging(), withDrain(0)));
    Thread asker = Thread.currentThread();
    RpcFixture.ENVIRONMENT
        .tasks()
        .start(
            "interrupter",
            () -> {
              passed(fake.reached);
              asker.interrupt();
            });

    assertThatThrownBy(() -> port.ask(RENEW))
        .isInstanceOf(Unavailable.class)
        .hasMessageContaining("interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void addressesMustBeThere() {
    assertThatThrownBy(() -> fixture.connect(RpcClientSettings.defaults(), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 addresses");
    assertThatThrownBy(
            () ->
                fixture.connect(
                    RpcClientSettings.defaults(), List.of(new HostPort("localhost", 0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no port");
  }

  private static Command<Registered> registration(String host) {
    return Command.of(Membership.class, it -> it.register(new UUID(1, 2), Zone.NONE, host, 9_092));
  }

  private static RpcServerSettings withDrain(long drainMs) {
    RpcServerSettings defaults = RpcFixture.serverSettings();
    return new RpcServerSettings(
        defaults.listen(), defaults.security(), 1 << 20, 100, 100, 1_000, 1_000, drainMs);
  }

  /// Asks on another thread.
  private static Pending<Boolean> asked(RpcPort port) {
    Pending<Boolean> reply = new Pending<>();
    RpcFixture.ENVIRONMENT
        .tasks()
        .start(
            "asker",
            () -> {
              try {
                reply.complete(port.ask(RENEW));
              } catch (RuntimeException e) {
                reply.fail(e);
              }
            });
    return reply;
  }

  private static void passed(Pending<Boolean> gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      throw new Unavailable("interrupted", e);
    }
  }
}
