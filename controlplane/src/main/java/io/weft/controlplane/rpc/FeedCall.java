package io.weft.controlplane.rpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.FeedCodec;
import io.weft.controlplane.command.FeedRequest;
import io.weft.environment.Environment;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// One `Feed` call: takes what the server sends, a few messages ahead of the thread that reads
/// them, so that a slow reader slows the server down. Thread-safe.
final class FeedCall implements ClientResponseObserver<byte[], byte[]> {
  /// Messages that may have arrived and not been read, at most.
  private static final int MESSAGES_AHEAD = 4;

  private final int level;
  private final Runnable onReady;
  private final Environment environment;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<byte[]> arrived = new ArrayDeque<>();
  private Optional<Status> ended = Optional.empty();
  private ClientCallStreamObserver<byte[]> stream;

  private FeedCall(int level, Runnable onReady, Environment environment) {
    this.level = level;
    this.onReady = onReady;
    this.environment = environment;
  }

  /// @param level that was agreed on with the peer
  /// @param onReady run, on another thread, whenever the call takes messages again
  static FeedCall start(Channel channel, int level, Runnable onReady, Environment environment) {
    FeedCall call = new FeedCall(level, onReady, environment);
    ClientCalls.asyncBidiStreamingCall(channel.newCall(RpcMethods.FEED, CallOptions.DEFAULT), call);
    return call;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<byte[]> requests) {
    stream = requests;
    stream.disableAutoRequestWithInitial(MESSAGES_AHEAD);
    stream.setOnReadyHandler(onReady);
  }

  boolean isReady() {
    return stream.isReady();
  }

  /// No effect on a call that has ended.
  void send(FeedRequest request) {
    WireWriter out = new WireWriter();
    FeedCodec.writeRequest(request, level, out);
    lock.lock();
    try {
      if (ended.isEmpty()) {
        stream.onNext(out.toByteArray());
      }
    } finally {
      lock.unlock();
    }
  }

  /// Ends the call, unless it has ended before.
  void cancel(String reason) {
    lock.lock();
    try {
      endLocked(Status.CANCELLED.withDescription(reason));
      stream.cancel(reason, null);
    } finally {
      lock.unlock();
    }
  }

  /// The next message.
  ///
  /// @return empty if the call has ended, or ends now because none came in time
  Optional<byte[]> next(long timeoutMs) throws InterruptedException {
    long untilMs = environment.clock().monotonicMs() + timeoutMs;
    Optional<byte[]> message;
    lock.lock();
    try {
      while (arrived.isEmpty() && ended.isEmpty()) {
        long leftMs = untilMs - environment.clock().monotonicMs();
        if (leftMs <= 0) {
          endLocked(
              Status.DEADLINE_EXCEEDED.withDescription(
                  "nothing heard in %d ms".formatted(timeoutMs)));
        } else {
          environment.tasks().awaitMs(lock, changed, leftMs);
        }
      }
      message = Optional.ofNullable(arrived.poll());
    } finally {
      lock.unlock();
    }
    if (message.isPresent()) {
      stream.request(1);
    } else {
      cancel("no longer waited for");
    }
    return message;
  }

  /// How the call ended; `OK` as long as it has not.
  Status status() {
    lock.lock();
    try {
      return ended.orElse(Status.OK);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onNext(byte[] message) {
    lock.lock();
    try {
      arrived.add(message);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onError(Throwable failure) {
    end(Status.fromThrowable(failure));
  }

  @Override
  public void onCompleted() {
    end(Status.UNAVAILABLE.withDescription("the control plane ended the feed"));
  }

  private void end(Status status) {
    lock.lock();
    try {
      endLocked(status);
    } finally {
      lock.unlock();
    }
  }

  private void endLocked(Status status) {
    if (ended.isEmpty()) {
      ended = Optional.of(status);
      changed.signal();
    }
  }
}
