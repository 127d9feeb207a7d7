package io.weft.agent.neighbour.rpc;

import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ClientResponseObserver;
import io.weft.agent.neighbour.NeighbourLink.Call;
import io.weft.agent.neighbour.NeighbourLink.End;
import io.weft.agent.neighbour.NeighbourLink.Next;
import io.weft.environment.Environment;
import io.weft.rpc.Peers;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// One request to a neighbour: takes its messages a few ahead of the thread that reads them.
/// Thread-safe.
final class RpcCall implements ClientResponseObserver<byte[], byte[]>, Call {
  /// Messages that may have arrived and not been read, at most.
  private static final int MESSAGES_AHEAD = 4;

  private final Peers peers;
  private final Peers.Peer peer;
  private final Environment environment;
  private final long askedMs;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<byte[]> arrived = new ArrayDeque<>();
  private Optional<Status> ended = Optional.empty();
  private boolean heard;
  private ClientCallStreamObserver<byte[]> stream;

  private RpcCall(Peers peers, Environment environment) {
    this.peers = peers;
    this.peer = peers.preferred();
    this.environment = environment;
    this.askedMs = environment.clock().monotonicMs();
  }

  static RpcCall start(Peers peers, byte[] request, long timeoutMs, Environment environment) {
    RpcCall call = new RpcCall(peers, environment);
    ClientCalls.asyncServerStreamingCall(
        call.peer
            .channel()
            .newCall(
                NeighbourMethod.READ,
                CallOptions.DEFAULT.withDeadlineAfter(timeoutMs, TimeUnit.MILLISECONDS)),
        request,
        call);
    return call;
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<byte[]> requests) {
    stream = requests;
    stream.disableAutoRequestWithInitial(MESSAGES_AHEAD);
  }

  @Override
  public Next next(long timeoutMs) throws InterruptedException {
    long untilMs = environment.clock().monotonicMs() + timeoutMs;
    byte[] message;
    lock.lock();
    try {
      while (arrived.isEmpty() && ended.isEmpty()) {
        long leftMs = untilMs - environment.clock().monotonicMs();
        if (leftMs <= 0) {
          end(Status.DEADLINE_EXCEEDED);
        } else {
          environment.tasks().awaitMs(lock, changed, leftMs);
        }
      }
      message = arrived.poll();
    } finally {
      lock.unlock();
    }
    if (message == null) {
      return new Next.Ended(how());
    }
    stream.request(1);
    return new Next.Message(message);
  }

  private End how() {
    Status status = ended.orElseThrow();
    return switch (status.getCode()) {
      case OK -> End.DONE;
      case ABORTED -> End.BUSY;
      case RESOURCE_EXHAUSTED -> End.TOO_LARGE;
      case UNAUTHENTICATED -> End.REFUSED;
      case DEADLINE_EXCEEDED -> {
        // A connection that has brought something is not dead.
        if (!isHeard()) {
          peers.passOver(peer, status, askedMs);
        }
        yield End.SILENT;
      }
      default -> End.AWAY;
    };
  }

  private boolean isHeard() {
    lock.lock();
    try {
      return heard;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void cancel() {
    lock.lock();
    try {
      if (ended.isPresent()) {
        return;
      }
      end(Status.CANCELLED);
    } finally {
      lock.unlock();
    }
    stream.cancel("nothing more is wanted", null);
  }

  @Override
  public void onNext(byte[] message) {
    lock.lock();
    try {
      arrived.add(message);
      heard = true;
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
    end(Status.OK);
  }

  private void end(Status status) {
    lock.lock();
    try {
      if (ended.isEmpty()) {
        ended = Optional.of(status);
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }
}
