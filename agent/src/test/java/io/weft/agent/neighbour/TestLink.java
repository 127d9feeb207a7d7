package io.weft.agent.neighbour;

import io.weft.agent.neighbour.seal.RefusedException;
import io.weft.controlplane.api.Membership.Address;
import io.weft.environment.Environment;
import io.weft.rpc.HostPort;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The way between agents of one process. What leads to an agent can be cut, or end in a desk that
/// is not its own. Thread-safe.
final class TestLink implements NeighbourLink {
  private final Environment environment;
  private final Map<HostPort, NeighbourDesk> desks = new ConcurrentHashMap<>();
  private final Map<HostPort, Manner> manners = new ConcurrentHashMap<>();
  final AtomicInteger calls = new AtomicInteger();

  enum Manner {
    DEAD,
    BUSY,
    /// It says that it reads, and nothing else until the call's time is over.
    SLOW,
    SILENT
  }

  TestLink(Environment environment) {
    this.environment = environment;
  }

  private static HostPort at(Address address) {
    return new HostPort(address.host(), address.port());
  }

  void connect(Address address, NeighbourDesk desk) {
    desks.put(at(address), desk);
  }

  void set(Address address, Manner manner) {
    manners.put(at(address), manner);
  }

  void mend(Address address) {
    manners.remove(at(address));
  }

  @Override
  public Call ask(HostPort address, byte[] request, long timeoutMs) {
    calls.incrementAndGet();
    TestCall call = new TestCall();
    Manner manner = manners.get(address);
    if (manner == null) {
      environment.tasks().start("answer", () -> answer(desks.get(address), request, call));
    } else {
      switch (manner) {
        case DEAD -> call.end(End.AWAY);
        case BUSY -> call.end(End.BUSY);
        case SLOW -> {
          call.add(NeighbourMessage.notYet(0));
          call.end(End.SILENT);
        }
        case SILENT -> {}
      }
    }
    return call;
  }

  private static void answer(NeighbourDesk desk, byte[] request, TestCall call) {
    try {
      desk.serve(desk.admit(request), call::add);
      call.end(End.DONE);
    } catch (RefusedException refused) {
      call.end(End.REFUSED);
    } catch (BusyException busy) {
      call.end(End.BUSY);
    } catch (GarbledMessageException garbled) {
      call.end(End.AWAY);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void retain(Collection<HostPort> addresses) {}

  @Override
  public void close() {}

  private final class TestCall implements Call {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<byte[]> messages = new ArrayDeque<>();
    private Optional<End> ended = Optional.empty();

    boolean add(byte[] message) {
      lock.lock();
      try {
        messages.add(message);
        changed.signalAll();
        return ended.isEmpty();
      } finally {
        lock.unlock();
      }
    }

    void end(End how) {
      lock.lock();
      try {
        ended = ended.or(() -> Optional.of(how));
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }

    @Override
    public Next next(long timeoutMs) throws InterruptedException {
      long untilMs = environment.clock().monotonicMs() + timeoutMs;
      lock.lock();
      try {
        while (messages.isEmpty() && ended.isEmpty()) {
          long leftMs = untilMs - environment.clock().monotonicMs();
          if (leftMs <= 0) {
            ended = Optional.of(End.SILENT);
          } else {
            environment.tasks().awaitMs(lock, changed, leftMs);
          }
        }
        return messages.isEmpty()
            ? new Next.Ended(ended.orElseThrow())
            : new Next.Message(messages.poll());
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void cancel() {
      end(End.DONE);
    }
  }
}
