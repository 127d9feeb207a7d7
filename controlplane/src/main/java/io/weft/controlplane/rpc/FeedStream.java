package io.weft.controlplane.rpc;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.CommitFeed.Event;
import io.weft.controlplane.api.ControlPlaneException.Rejected;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.command.FeedCodec;
import io.weft.controlplane.command.FeedRequest;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.rpc.Attempts;
import io.weft.rpc.Peers;
import io.weft.rpc.RpcStatus;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One subscription to a commit feed elsewhere: finds the leader, says what is watched, and hands
/// the events to the listener on a thread of its own ([#run]). Thread-safe.
///
///     connects ─first message→ runs ─┬─(any end of the stream)→ broken: onBroken, once
///         └──(no leader in time)─────┴─(close)────────────────→ closed: silence
final class FeedStream implements CommitFeed.Subscription, Runnable {
  /// Partitions in one watch or unwatch message, at most.
  private static final int PARTITIONS_PER_MESSAGE_MAX = 10_000;

  /// Partitions in requests that wait to be sent; beyond it, the stream is broken.
  private static final int PARTITIONS_UNSENT_MAX = 2 * CommitFeed.PARTITIONS_WATCHED_MAX;

  private static final String OVERRUN = "too many partitions wait to be watched";
  private static final Logger LOG = LoggerFactory.getLogger(FeedStream.class);

  private final AgentId agent;
  private final CommitFeed.Listener listener;
  private final RpcFeed feed;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<FeedRequest> unsent = new ArrayDeque<>();
  private int partitionsUnsent;
  private Optional<FeedCall> call = Optional.empty();
  private boolean running;
  private boolean closed;
  private boolean overrun;

  FeedStream(AgentId agent, CommitFeed.Listener listener, RpcFeed feed) {
    this.agent = agent;
    this.listener = listener;
    this.feed = feed;
  }

  @Override
  public void watch(Collection<PartitionId> partitions) {
    send(partitions, FeedRequest.Watch::new);
  }

  @Override
  public void unwatch(Collection<PartitionId> partitions) {
    send(partitions, FeedRequest.Unwatch::new);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      unsent.clear();
      call.ifPresent(open -> open.cancel("closed"));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void run() {
    String reason = "the feed's thread failed";
    try {
      reason = runUntilEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reason = "interrupted";
    } finally {
      end(reason);
    }
  }

  /// @return why the stream ended; of no interest if the subscriber closed it
  private String runUntilEnd() throws InterruptedException {
    RpcClientSettings settings = feed.settings();
    Attempts attempts =
        new Attempts(feed.peers().count(), settings.callTimeoutMs(), feed.environment());
    String last = "";
    while (true) {
      Peers.Peer peer = feed.peers().preferred();
      long askedMs = feed.environment().clock().monotonicMs();
      long timeoutMs = Math.clamp(attempts.leftMs(), 1, settings.attemptTimeoutMs());
      Status status;
      try {
        FeedCall attempt = call(peer, timeoutMs);
        if (!adopt(attempt)) {
          return OVERRUN;
        }
        Optional<byte[]> first = attempt.next(timeoutMs);
        if (first.isPresent()) {
          String reason = deliver(attempt, first);
          if (RpcStatus.isOfPeer(attempt.status())) {
            passOver(peer, attempt.status(), askedMs);
          }
          return reason;
        }
        status = attempt.status();
      } catch (StatusRuntimeException e) {
        status = e.getStatus();
      } catch (MalformedBytesException e) {
        status = RpcStatus.unavailable("a greeting that cannot be read: " + e.getMessage());
      }
      String reason = RpcStatus.described(status);
      if (RpcStatus.isFinal(status)) {
        return reason;
      }
      passOver(peer, status, askedMs);
      if (hasEnded()) {
        return OVERRUN;
      }
      // Silence in what was left of the time says less than what was heard before.
      if (last.isEmpty() || timeoutMs == settings.attemptTimeoutMs() || !isSilence(status)) {
        last = "%s: %s".formatted(peer.address(), reason);
      }
      if (!attempts.another()) {
        return "no feed in %d ms; last, %s".formatted(settings.callTimeoutMs(), last);
      }
    }
  }

  /// @throws StatusRuntimeException if the peer does not say which level it knows
  private FeedCall call(Peers.Peer peer, long timeoutMs) {
    int level = feed.levels().agree(peer, timeoutMs);
    return FeedCall.start(
        LevelHeader.announcing(feed.levels().own(), peer.channel()),
        level,
        this::flush,
        feed.environment());
  }

  /// It may come back as another release.
  private void passOver(Peers.Peer peer, Status failure, long askedMs) {
    feed.levels().forget(peer);
    feed.peers().passOver(peer, failure, askedMs);
  }

  private static boolean isSilence(Status status) {
    return status.getCode() == Status.Code.DEADLINE_EXCEEDED;
  }

  /// Hands on what comes until nothing does any more.
  private String deliver(FeedCall running, Optional<byte[]> first) throws InterruptedException {
    begin();
    Optional<byte[]> message = first;
    while (message.isPresent()) {
      try {
        WireReader in = new WireReader(message.get());
        List<Event> events = FeedCodec.readEvents(in);
        in.finish();
        if (hasEnded()) {
          return OVERRUN;
        }
        if (!events.isEmpty()) {
          listener.onEvents(events);
        }
      } catch (MalformedBytesException e) {
        return "events that cannot be read: " + e.getMessage();
      } catch (RuntimeException e) {
        LOG.error("A listener of the commit feed failed; its stream ends", e);
        return "the listener failed";
      }
      message = running.next(feed.settings().feedSilenceMs());
    }
    return RpcStatus.described(running.status());
  }

  /// @return false if the stream has ended meanwhile
  private boolean adopt(FeedCall attempt) {
    lock.lock();
    try {
      if (closed || overrun) {
        attempt.cancel("closed");
        return false;
      }
      call = Optional.of(attempt);
      attempt.send(new FeedRequest.Open(agent));
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// The stream stands: what has been asked for so far can be sent.
  private void begin() {
    lock.lock();
    try {
      running = true;
    } finally {
      lock.unlock();
    }
    flush();
  }

  private void send(
      Collection<PartitionId> partitions, Function<List<PartitionId>, FeedRequest> request) {
    if (partitions.size() > CommitFeed.PARTITIONS_WATCHED_MAX) {
      throw new Rejected(
          "%d partitions at once, at most %d are allowed"
              .formatted(partitions.size(), CommitFeed.PARTITIONS_WATCHED_MAX));
    }
    List<PartitionId> all = new ArrayList<>(partitions);
    lock.lock();
    try {
      if (closed || overrun) {
        return;
      }
      partitionsUnsent += all.size();
      if (partitionsUnsent > PARTITIONS_UNSENT_MAX) {
        overrun = true;
        unsent.clear();
        call.ifPresent(open -> open.cancel(OVERRUN));
        return;
      }
      for (int from = 0; from < all.size(); from += PARTITIONS_PER_MESSAGE_MAX) {
        int to = Math.min(all.size(), from + PARTITIONS_PER_MESSAGE_MAX);
        unsent.add(request.apply(List.copyOf(all.subList(from, to))));
      }
    } finally {
      lock.unlock();
    }
    flush();
  }

  /// Sends what waits, as far as the connection takes it; called again when it takes more.
  private void flush() {
    lock.lock();
    try {
      if (!running || call.isEmpty()) {
        return;
      }
      FeedCall open = call.get();
      while (!unsent.isEmpty() && open.isReady()) {
        FeedRequest request = unsent.poll();
        partitionsUnsent -= partitions(request);
        open.send(request);
      }
    } finally {
      lock.unlock();
    }
  }

  private static int partitions(FeedRequest request) {
    return switch (request) {
      case FeedRequest.Open open -> 0;
      case FeedRequest.Watch watch -> watch.partitions().size();
      case FeedRequest.Unwatch unwatch -> unwatch.partitions().size();
    };
  }

  private boolean hasEnded() {
    lock.lock();
    try {
      return closed || overrun;
    } finally {
      lock.unlock();
    }
  }

  private void end(String reason) {
    boolean silent;
    lock.lock();
    try {
      silent = closed;
      closed = true;
      unsent.clear();
      call.ifPresent(open -> open.cancel(reason));
    } finally {
      lock.unlock();
    }
    if (!silent) {
      listener.onBroken(reason);
    }
  }
}
