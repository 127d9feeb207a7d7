package io.weft.controlplane.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.CommitFeed.Event;
import io.weft.controlplane.api.ControlPlaneException.Rejected;
import io.weft.environment.Pending;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class RpcFeedTest {
  private static final AgentId AGENT = new AgentId(9);

  private final RpcFixture fixture = new RpcFixture();
  private final FakePort fake = new FakePort();
  private final FakeFeed.Recorder recorder = new FakeFeed.Recorder();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void theAgentIsNamedAndWhatItWatchesIsPassedOn() throws InterruptedException {
    CommitFeed.Subscription subscription = openAt(fixture.serve(fake));
    subscription.watch(RpcSamples.partitions(3));
    subscription.unwatch(RpcSamples.partitions(2));

    FakeFeed.Opened opened = fake.feed.opened.take();
    assertThat(opened.agent).isEqualTo(AGENT);
    assertThat(opened.watched.take()).isEqualTo(RpcSamples.partitions(3));
    assertThat(opened.unwatched.take()).isEqualTo(RpcSamples.partitions(2));
  }

  @Test
  void aLotOfPartitionsAreWatchedInTheirOrder() throws InterruptedException {
    List<PartitionId> all = RpcSamples.partitions(CommitFeed.PARTITIONS_WATCHED_MAX);
    openAt(fixture.serve(fake)).watch(all);

    FakeFeed.Opened opened = fake.feed.opened.take();
    List<PartitionId> watched = new ArrayList<>();
    while (watched.size() < all.size()) {
      watched.addAll(opened.watched.take());
    }
    assertThat(watched).isEqualTo(all);
  }

  @Test
  void morePartitionsThanMayBeWatchedAreRejected() {
    CommitFeed.Subscription subscription = openAt(fixture.serve(fake));
    List<PartitionId> tooMany = RpcSamples.partitions(CommitFeed.PARTITIONS_WATCHED_MAX + 1);

    assertThatThrownBy(() -> subscription.watch(tooMany)).isInstanceOf(Rejected.class);
  }

  @Test
  void eventsComeInOrderAndWithoutAGap() throws InterruptedException {
    openAt(fixture.serve(fake));
    FakeFeed.Opened opened = fake.feed.opened.take();
    List<Event> sent = new ArrayList<>();
    sent.add(new Event.CatalogChanged(1));
    for (int i = 0; i < 20_000; i++) {
      Event event = i % 50 == 0 ? RpcSamples.baseline(i) : RpcSamples.advanced(i % 7, i);
      sent.add(event);
      opened.listener.onEvents(List.of(event));
    }

    assertThat(recorder.take(sent.size())).isEqualTo(sent);
    assertThat(recorder.broken).isEmpty();
  }

  @Test
  void aFeedTheLeaderBreaksIsBrokenOnceWithItsReason() throws InterruptedException {
    openAt(fixture.serve(fake));
    FakeFeed.Opened opened = fake.feed.opened.take();
    recorder.take(1);
    opened.listener.onBroken("another leads");
    opened.listener.onBroken("again");

    assertThat(recorder.broken.take()).isEqualTo("another leads");
    assertThat(FakeFeed.within(opened.closed)).isTrue();
    assertThat(recorder.broken).isEmpty();
  }

  @Test
  void aServerThatClosesBreaksTheFeed() throws InterruptedException {
    RpcServer server = fixture.serve(fake);
    openAt(server);
    recorder.take(1);
    server.close();

    assertThat(recorder.broken.take()).contains("closing");
    assertThat(fake.feed.opened.take().closed.await()).isTrue();
  }

  @Test
  void aPortThatClosesBreaksItsFeeds() throws InterruptedException {
    RpcPort port = fixture.connect(fixture.serve(fake));
    port.feed().open(AGENT, recorder);
    recorder.take(1);
    port.close();

    assertThat(recorder.broken.take()).isNotEmpty();
    assertThat(fake.feed.opened.take().closed.await()).isTrue();
  }

  @Test
  void theLeaderIsLookedForAmongTheAddresses() throws InterruptedException {
    FakePort leader = new FakePort();
    fake.feed.refusing("not leading");
    openAt(fixture.serve(fake), fixture.serve(leader));

    leader.feed.opened.take();
    assertThat(recorder.take(1)).containsExactly(new Event.CatalogChanged(1));
    assertThat(recorder.broken).isEmpty();
  }

  @Test
  void whatIsWatchedBeforeTheLeaderIsFoundIsNotLost() throws InterruptedException {
    FakePort leader = new FakePort();
    fake.feed.refusing("not leading");
    openAt(fixture.serve(fake), fixture.serve(leader)).watch(RpcSamples.partitions(2));

    assertThat(leader.feed.opened.take().watched.take()).isEqualTo(RpcSamples.partitions(2));
  }

  @Test
  void aFeedThatFindsNoLeaderIsBrokenInTime() throws InterruptedException {
    fake.feed.refusing("not leading");
    RpcPort port = fixture.connect(RpcFixture.clientSettings(5_000, 5_000), fixture.serve(fake));
    port.feed().open(AGENT, recorder);

    assertThat(recorder.broken.take()).contains("no feed in 5000 ms").contains("not leading");
    assertThat(recorder.events).isEmpty();
    assertThat(fake.feed.opens).hasValueGreaterThan(1);
  }

  @Test
  void aClosedFeedIsSilentAndFreesTheLeadersSide() throws InterruptedException {
    CommitFeed.Subscription subscription = openAt(fixture.serve(fake));
    FakeFeed.Opened opened = fake.feed.opened.take();
    recorder.take(1);
    subscription.close();
    subscription.close();
    subscription.watch(RpcSamples.partitions(1));

    assertThat(FakeFeed.within(opened.closed)).isTrue();
    opened.listener.onEvents(List.of(RpcSamples.baseline(1)));
    assertThat(recorder.events).isEmpty();
    assertThat(recorder.broken).isEmpty();
  }

  @Test
  void aSlowListenerBreaksItsFeedAndOnlyALimitedNumberOfEventsIsKept() throws InterruptedException {
    RpcServerSettings defaults = RpcFixture.serverSettings();
    RpcServerSettings tight =
        new RpcServerSettings(
            defaults.listen(), defaults.security(), 1 << 20, 10, 10, 5_000, 1_000, 0);
    Pending<Boolean> gate = recorder.standStill();
    openAt(fixture.serve(fake, tight));
    FakeFeed.Opened opened = fake.feed.opened.take();
    int sent = 0;
    while (!opened.closed.isDone()) {
      assertThat(sent).as("events taken in for a listener that stands still").isLessThan(200_000);
      opened.listener.onEvents(List.of(RpcSamples.advanced(1, sent++)));
      if (sent % 100 == 0) {
        // No faster than the sender could send, if only somebody took it.
        RpcFixture.ENVIRONMENT.tasks().sleepMs(1);
      }
    }
    gate.complete(true);

    assertThat(recorder.broken.take()).contains("too slow").contains("5000");
    List<Event> got = new ArrayList<>(recorder.events);
    assertThat(got).hasSizeLessThan(sent);
    for (int i = 1; i < got.size(); i++) {
      assertThat(got.get(i)).isEqualTo(RpcSamples.advanced(1, i - 1));
    }
  }

  @Test
  void aListenerThatFailsIsToldThatItsFeedIsBroken() throws InterruptedException {
    Pending<Boolean> broken = new Pending<>();
    CommitFeed.Listener failing =
        new CommitFeed.Listener() {
          @Override
          public void onEvents(List<Event> events) {
            throw new IllegalStateException("a bug in the listener");
          }

          @Override
          public void onBroken(String reason) {
            broken.complete(true);
          }
        };
    fixture.connect(fixture.serve(fake)).feed().open(AGENT, failing);

    assertThat(broken.await()).isTrue();
    assertThat(FakeFeed.within(fake.feed.opened.take().closed)).isTrue();
  }

  @Test
  void manyFeedsAreServedSideBySide() throws InterruptedException {
    RpcPort port = fixture.connect(fixture.serve(fake));
    List<FakeFeed.Recorder> recorders = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      FakeFeed.Recorder each = new FakeFeed.Recorder();
      recorders.add(each);
      port.feed().open(new AgentId(i), each);
    }
    for (int i = 0; i < 50; i++) {
      FakeFeed.Opened opened = fake.feed.opened.take();
      opened.listener.onEvents(List.of(new Event.CatalogChanged(opened.agent.value())));
    }

    for (int i = 0; i < 50; i++) {
      assertThat(recorders.get(i).take(2))
          .containsExactly(new Event.CatalogChanged(1), new Event.CatalogChanged(i));
    }
  }

  private CommitFeed.Subscription openAt(RpcServer... servers) {
    return fixture.connect(servers).feed().open(AGENT, recorder);
  }
}
