package io.weft.controlplane.rpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.codec.Levels;
import io.weft.environment.Environment;
import io.weft.rpc.RpcStatus;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// Opens a [ServedFeed] for every agent that asks for one, up to a limit. Thread-safe.
final class FeedEndpoint implements ServerCalls.BidiStreamingMethod<byte[], byte[]> {
  private final CommitFeed feed;
  private final RpcServerSettings settings;
  private final int level;
  private final Environment environment;
  private final ReentrantLock lock = new ReentrantLock();
  private final Set<ServedFeed> open = new LinkedHashSet<>();
  private boolean closed;

  /// @param level the highest that this side knows
  FeedEndpoint(CommitFeed feed, RpcServerSettings settings, int level, Environment environment) {
    this.level = level;
    this.feed = feed;
    this.settings = settings;
    this.environment = environment;
  }

  @Override
  public StreamObserver<byte[]> invoke(StreamObserver<byte[]> replies) {
    // gRPC's documented way to reach flow control from here is this cast.
    ServerCallStreamObserver<byte[]> stream = (ServerCallStreamObserver<byte[]>) replies;
    ServedFeed served =
        new ServedFeed(
            feed, stream, settings, Levels.shared(level, LevelHeader.current()), environment);
    lock.lock();
    try {
      if (closed) {
        served.end(RpcStatus.unavailable("the control plane is closing"));
      } else if (open.size() >= settings.feedsMax()) {
        served.end(RpcStatus.unavailable("too many feeds"));
      } else {
        open.add(served);
      }
    } finally {
      lock.unlock();
    }
    environment.tasks().start("feed-sender", () -> send(served));
    return served;
  }

  /// Ends every feed and refuses new ones.
  void close() {
    for (ServedFeed served : closing()) {
      served.end(RpcStatus.unavailable("the control plane is closing"));
    }
  }

  private List<ServedFeed> closing() {
    lock.lock();
    try {
      closed = true;
      return List.copyOf(open);
    } finally {
      lock.unlock();
    }
  }

  private void send(ServedFeed served) {
    try {
      served.sendUntilEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      served.end(Status.CANCELLED);
    } finally {
      served.finish();
      lock.lock();
      try {
        open.remove(served);
      } finally {
        lock.unlock();
      }
    }
  }
}
