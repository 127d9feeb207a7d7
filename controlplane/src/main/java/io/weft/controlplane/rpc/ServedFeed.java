package io.weft.controlplane.rpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.CommitFeed.Event;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.ReaderTooOldException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.FeedCodec;
import io.weft.controlplane.command.FeedRequest;
import io.weft.environment.Environment;
import io.weft.rpc.RpcStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// One agent's feed, as the control plane's side sees it. Thread-safe; only the sender's thread
/// ([#sendUntilEnd], then [#finish]) writes to the stream.
///
///     waits for Open ─Open→ runs ─(client gone, leader gone, backlog over limit, bad bytes)→ ended
///
/// Events wait in a bounded backlog until the connection has room for them; at the limit the feed
/// ends. The first message, of events or a heartbeat, tells the client that its feed stands.
final class ServedFeed implements CommitFeed.Listener, StreamObserver<byte[]> {
  /// Events and extents that go into one message, about: it stays far below a megabyte.
  private static final int MESSAGE_WEIGHT = 4_096;

  /// The first request must come within this many heartbeats.
  private static final int HEARTBEATS_BEFORE_OPEN = 4;

  private final CommitFeed feed;
  private final ServerCallStreamObserver<byte[]> stream;
  private final RpcServerSettings settings;
  private final int level;
  private final Environment environment;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Event> backlog = new ArrayDeque<>();
  private int backlogWeight;
  private Optional<CommitFeed.Subscription> subscription = Optional.empty();
  private boolean opening;
  private Optional<Status> ended = Optional.empty();

  /// @param level that its events are written at
  ServedFeed(
      CommitFeed feed,
      ServerCallStreamObserver<byte[]> stream,
      RpcServerSettings settings,
      int level,
      Environment environment) {
    this.feed = feed;
    this.stream = stream;
    this.settings = settings;
    this.level = level;
    this.environment = environment;
    stream.setOnReadyHandler(this::wake);
    stream.setOnCancelHandler(() -> end(Status.CANCELLED));
  }

  /// A request of the client's. gRPC gives one at a time, the next when this returns.
  @Override
  public void onNext(byte[] message) {
    try {
      WireReader in = new WireReader(message);
      FeedRequest request = FeedCodec.readRequest(in);
      in.finish();
      switch (request) {
        case FeedRequest.Open open -> open(open);
        case FeedRequest.Watch watch -> opened().ifPresent(to -> to.watch(watch.partitions()));
        case FeedRequest.Unwatch unwatch ->
            opened().ifPresent(to -> to.unwatch(unwatch.partitions()));
      }
    } catch (RuntimeException | Error e) {
      end(RpcFailure.statusOf(e));
    }
  }

  @Override
  public void onError(Throwable failure) {
    end(Status.CANCELLED);
  }

  @Override
  public void onCompleted() {
    end(Status.OK);
  }

  @Override
  public void onEvents(List<Event> events) {
    lock.lock();
    try {
      if (ended.isPresent()) {
        return;
      }
      for (Event event : events) {
        backlogWeight += weight(event);
        backlog.add(event);
      }
      if (backlogWeight > settings.feedBacklogMax()) {
        endLocked(
            Status.RESOURCE_EXHAUSTED.withDescription(
                "too slow: more than %d events and extents wait"
                    .formatted(settings.feedBacklogMax())));
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onBroken(String reason) {
    end(RpcStatus.unavailable(reason));
  }

  /// Ends the feed with what the client is to be told; the first reason counts.
  void end(Status reason) {
    lock.lock();
    try {
      endLocked(reason);
    } finally {
      lock.unlock();
    }
  }

  /// The sender's loop; returns once the feed has ended.
  void sendUntilEnd() throws InterruptedException {
    long openUntilMs =
        environment.clock().monotonicMs() + HEARTBEATS_BEFORE_OPEN * settings.heartbeatMs();
    Optional<List<Event>> events = next(openUntilMs);
    while (events.isPresent()) {
      WireWriter out = new WireWriter();
      try {
        FeedCodec.writeEvents(events.get(), level, out);
      } catch (ReaderTooOldException e) {
        end(RpcFailure.statusOf(e));
        return;
      }
      if (out.size() > settings.messageBytesMax()) {
        end(RpcStatus.unavailable("an event of %d bytes".formatted(out.size())));
        return;
      }
      stream.onNext(out.toByteArray());
      events = next(openUntilMs);
    }
  }

  /// Tells the client why, and the feed behind that nobody listens any more.
  void finish() {
    end(Status.INTERNAL.withDescription("the sender of the feed failed"));
    taken().ifPresent(CommitFeed.Subscription::close);
    Status reason = ended.orElseThrow();
    if (reason.isOk()) {
      stream.onCompleted();
    } else if (!stream.isCancelled()) {
      stream.onError(reason.asRuntimeException());
    }
  }

  private void open(FeedRequest.Open request) {
    lock.lock();
    try {
      if (opening) {
        throw new MalformedBytesException("a feed is opened once");
      }
      opening = true;
      if (ended.isPresent()) {
        return;
      }
    } finally {
      lock.unlock();
    }
    CommitFeed.Subscription opened = feed.open(request.agent(), this);
    boolean late;
    lock.lock();
    try {
      late = ended.isPresent();
      if (!late) {
        subscription = Optional.of(opened);
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
    if (late) {
      opened.close();
    }
  }

  /// @return empty if the feed has ended meanwhile
  private Optional<CommitFeed.Subscription> opened() {
    lock.lock();
    try {
      if (!opening) {
        throw new MalformedBytesException("a feed begins with Open");
      }
      return subscription;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for something to say and room to say it.
  ///
  /// @return no events: time for a heartbeat; empty: the feed has ended
  private Optional<List<Event>> next(long openUntilMs) throws InterruptedException {
    long heartbeatAtMs = environment.clock().monotonicMs() + settings.heartbeatMs();
    lock.lock();
    try {
      while (ended.isEmpty()) {
        long nowMs = environment.clock().monotonicMs();
        boolean ready = stream.isReady();
        if (ready && !backlog.isEmpty()) {
          return Optional.of(drained());
        }
        if (ready && subscription.isPresent() && nowMs >= heartbeatAtMs) {
          return Optional.of(List.of());
        }
        if (!opening && nowMs >= openUntilMs) {
          endLocked(Status.DEADLINE_EXCEEDED.withDescription("a feed begins with Open"));
        } else {
          long leftMs = heartbeatAtMs - nowMs;
          environment.tasks().awaitMs(lock, changed, leftMs > 0 ? leftMs : settings.heartbeatMs());
        }
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private List<Event> drained() {
    List<Event> events = new ArrayList<>();
    int weight = 0;
    while (!backlog.isEmpty() && weight < MESSAGE_WEIGHT) {
      Event event = backlog.poll();
      weight += weight(event);
      events.add(event);
    }
    backlogWeight -= weight;
    return events;
  }

  private static int weight(Event event) {
    return switch (event) {
      case Event.Advanced advanced -> 1 + advanced.appended().size();
      case Event.Replaced replaced -> 1 + replaced.extents().size();
      case Event.Baseline _, Event.Gone _, Event.CatalogChanged _ -> 1;
    };
  }

  private Optional<CommitFeed.Subscription> taken() {
    lock.lock();
    try {
      Optional<CommitFeed.Subscription> taken = subscription;
      subscription = Optional.empty();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private void endLocked(Status reason) {
    if (ended.isEmpty()) {
      ended = Optional.of(reason);
      backlog.clear();
      backlogWeight = 0;
      changed.signal();
    }
  }

  private void wake() {
    lock.lock();
    try {
      changed.signal();
    } finally {
      lock.unlock();
    }
  }
}
