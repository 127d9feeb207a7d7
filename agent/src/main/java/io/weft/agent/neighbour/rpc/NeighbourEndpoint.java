package io.weft.agent.neighbour.rpc;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.weft.agent.neighbour.BusyException;
import io.weft.agent.neighbour.GarbledMessageException;
import io.weft.agent.neighbour.NeighbourDesk;
import io.weft.agent.neighbour.seal.RefusedException;
import io.weft.environment.Environment;
import io.weft.rpc.RpcStatus;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Answers neighbours' requests, each on a thread of its own. Thread-safe.
final class NeighbourEndpoint implements ServerCalls.ServerStreamingMethod<byte[], byte[]> {
  private static final int CALLS_MAX = 256;

  /// An asker that takes nothing for so long is not there any more.
  private static final long STALL_MS_MAX = 5_000;

  private final NeighbourDesk desk;
  private final Environment environment;
  private final Semaphore calls = new Semaphore(CALLS_MAX);

  NeighbourEndpoint(NeighbourDesk desk, Environment environment) {
    this.desk = desk;
    this.environment = environment;
  }

  @Override
  public void invoke(byte[] sealed, StreamObserver<byte[]> replies) {
    // gRPC's documented way to reach flow control from here is this cast.
    ServerCallStreamObserver<byte[]> stream = (ServerCallStreamObserver<byte[]>) replies;
    Sender sender = new Sender(stream);
    byte[] request;
    try {
      request = desk.admit(sealed);
    } catch (RefusedException refused) {
      // Its log says why: a stranger need not know.
      sender.end(Status.UNAUTHENTICATED.withDescription("no valid signature of a neighbour"));
      return;
    }
    if (!calls.tryAcquire()) {
      sender.end(busy("too many calls at once"));
      return;
    }
    environment.tasks().start("neighbour-answer", () -> answer(request, sender));
  }

  private void answer(byte[] request, Sender sender) {
    Status status = Status.INTERNAL.withDescription("the agent failed; its log says why");
    try {
      desk.serve(request, sender);
      status = Status.OK;
    } catch (BusyException busy) {
      status = busy(busy.getMessage());
    } catch (GarbledMessageException garbled) {
      status = RpcStatus.malformed(garbled.getMessage());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      status = RpcStatus.unavailable("the agent is closing");
    } finally {
      calls.release();
      sender.end(status);
    }
  }

  /// Not what gRPC itself says of a message that is too large.
  private static Status busy(String why) {
    return Status.ABORTED.withDescription(why);
  }

  /// Owned by the thread that answers; gRPC's threads wake it.
  private final class Sender implements NeighbourDesk.Replies {
    private final ServerCallStreamObserver<byte[]> stream;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    Sender(ServerCallStreamObserver<byte[]> stream) {
      this.stream = stream;
      stream.setOnReadyHandler(this::wake);
      stream.setOnCancelHandler(this::wake);
    }

    @Override
    public boolean send(byte[] message) throws InterruptedException {
      if (!awaitRoom()) {
        return false;
      }
      stream.onNext(message);
      return true;
    }

    private boolean awaitRoom() throws InterruptedException {
      long untilMs = environment.clock().monotonicMs() + STALL_MS_MAX;
      lock.lockInterruptibly();
      try {
        while (!stream.isCancelled() && !stream.isReady()) {
          long leftMs = untilMs - environment.clock().monotonicMs();
          if (leftMs <= 0) {
            return false;
          }
          environment.tasks().awaitMs(lock, changed, leftMs);
        }
        return !stream.isCancelled();
      } finally {
        lock.unlock();
      }
    }

    void end(Status status) {
      if (stream.isCancelled()) {
        return;
      }
      if (status.isOk()) {
        stream.onCompleted();
      } else {
        stream.onError(status.asRuntimeException());
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
}
