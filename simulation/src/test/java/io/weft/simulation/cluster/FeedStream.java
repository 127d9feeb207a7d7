package io.weft.simulation.cluster;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.CommitFeed.Event;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.FeedCodec;
import io.weft.controlplane.command.FeedRequest;
import io.weft.environment.Environment;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.simulation.fault.Fault;
import io.weft.simulation.fault.Weather;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// A subscription to the commits, over a bad network: nothing is lost or overtakes on it, but it
/// breaks. One side runs in the agent, the other in the control plane.
final class FeedStream implements CommitFeed.Subscription {
  private static final long SILENCE_MS = 6_000;
  private static final long HEARTBEAT_MS = 2_000;

  /// With its neighbours' messages less than the time after which a stream counts as broken.
  private static final int LATE_MS_MAX = 3_500;

  private final AgentId agent;
  private final CommitFeed.Listener listener;
  private final CommandLink link;
  private final Network.Lane there;
  private final Network.Lane back;
  private final Inbox<byte[]> requests = new Inbox<>();
  private final Inbox<byte[]> messages = new Inbox<>();
  private boolean closed;

  private FeedStream(AgentId agent, CommitFeed.Listener listener, CommandLink link) {
    this.agent = agent;
    this.listener = listener;
    this.link = link;
    this.there = link.network().lane();
    this.back = link.network().lane();
  }

  static FeedStream open(AgentId agent, CommitFeed.Listener listener, CommandLink link) {
    FeedStream stream = new FeedStream(agent, listener, link);
    link.self().start("feed", stream::receive);
    return stream;
  }

  @Override
  public void watch(Collection<PartitionId> partitions) {
    request(new FeedRequest.Watch(List.copyOf(partitions)));
  }

  @Override
  public void unwatch(Collection<PartitionId> partitions) {
    request(new FeedRequest.Unwatch(List.copyOf(partitions)));
  }

  @Override
  public void close() {
    closed = true;
    messages.breakOff();
    there.carry(requests::breakOff);
  }

  private void request(FeedRequest request) {
    WireWriter out = new WireWriter();
    FeedCodec.writeRequest(request, Levels.KNOWN, out);
    byte[] bytes = out.toByteArray();
    send(there, () -> requests.put(bytes));
  }

  private void send(Network.Lane lane, Runnable delivery) {
    send(lane, delivery, 0);
  }

  private void send(Network.Lane lane, Runnable delivery, int lateMs) {
    if (link.isCut()) {
      breakBoth();
    } else if (weather().strikes(Fault.FEED_CUT)) {
      lane.carry(this::breakBoth);
    } else {
      lane.carry(delivery, lateMs);
    }
  }

  private void breakBoth() {
    requests.breakOff();
    messages.breakOff();
  }

  /// In the agent.
  private void receive() {
    ControlPlaneNode node = link.peers().preferred();
    send(there, () -> node.process().start("feed", () -> serve(node)));
    try {
      Optional<byte[]> message = next();
      while (message.isPresent()) {
        List<Event> events = FeedCodec.readEvents(new WireReader(message.get()));
        if (!events.isEmpty()) {
          listener.onEvents(events);
        }
        message = next();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    there.carry(requests::breakOff);
    if (!closed) {
      link.peers().passOver(node);
      listener.onBroken("the stream broke");
    }
  }

  private Optional<byte[]> next() throws InterruptedException {
    return messages.take(link.self().environment(), SILENCE_MS);
  }

  /// In the control plane.
  private void serve(ControlPlaneNode node) {
    Environment there = node.process().environment();
    CommitFeed.Subscription subscription = node.seat().feed().open(agent, new Relay());
    try {
      while (!requests.isBroken() && !link.self().isKilled()) {
        Optional<byte[]> request = requests.take(there, HEARTBEAT_MS);
        if (request.isPresent()) {
          apply(FeedCodec.readRequest(new WireReader(request.get())), subscription);
        } else {
          tell(List.of());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    subscription.close();
  }

  private static void apply(FeedRequest request, CommitFeed.Subscription subscription) {
    switch (request) {
      case FeedRequest.Open open -> throw new IllegalStateException("opened twice: " + open);
      case FeedRequest.Watch watch -> subscription.watch(watch.partitions());
      case FeedRequest.Unwatch unwatch -> subscription.unwatch(unwatch.partitions());
    }
  }

  private void tell(List<Event> events) {
    WireWriter out = new WireWriter();
    FeedCodec.writeEvents(events, Levels.KNOWN, out);
    byte[] bytes = out.toByteArray();
    int lateMs = weather().strikes(Fault.FEED_LATE) ? weather().upTo(LATE_MS_MAX) : 0;
    send(back, () -> messages.put(bytes), lateMs);
  }

  private Weather weather() {
    return link.network().weather();
  }

  private final class Relay implements CommitFeed.Listener {
    @Override
    public void onEvents(List<Event> events) {
      tell(events);
    }

    @Override
    public void onBroken(String reason) {
      back.carry(FeedStream.this::breakBoth);
    }
  }
}
