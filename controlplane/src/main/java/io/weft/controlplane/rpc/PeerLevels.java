package io.weft.controlplane.rpc;

import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.api.admin.Releases.Greeting;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.CommandCodec;
import io.weft.rpc.Peers;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/// The level that is agreed on with each peer: the highest that both sides know. A peer is greeted
/// before it is first asked something, and again when it has failed or refused a message: another
/// release may answer there by then. Thread-safe.
final class PeerLevels {
  /// Not agreed on yet.
  private static final int UNKNOWN = 0;

  private final int own;
  private final List<AtomicReference<Agreed>> agreed;

  /// @param level that was agreed on, or [#UNKNOWN]
  /// @param forgotten how often this peer was: an answer to a greeting from before counts no more
  private record Agreed(int level, long forgotten) {
    static final Agreed NONE = new Agreed(UNKNOWN, 0);
  }

  /// @param own the highest level that this side knows
  PeerLevels(int own, int peers) {
    this.own = own;
    this.agreed = Stream.generate(() -> new AtomicReference<>(Agreed.NONE)).limit(peers).toList();
  }

  int own() {
    return own;
  }

  /// Agrees with the peer, if that has not been done.
  ///
  /// @throws StatusRuntimeException if the peer does not answer
  /// @throws io.weft.controlplane.codec.MalformedBytesException if it answers something else
  int agree(Peers.Peer peer, long timeoutMs) {
    if (own == Levels.FIRST) {
      return own;
    }
    AtomicReference<Agreed> current = agreed.get(peer.index());
    Agreed before = current.get();
    if (before.level != UNKNOWN) {
      return before.level;
    }
    int level = greet(peer, timeoutMs);
    current.compareAndSet(before, new Agreed(level, before.forgotten));
    return level;
  }

  /// Another release may answer there from here on.
  void forget(Peers.Peer peer) {
    agreed.get(peer.index()).updateAndGet(it -> new Agreed(UNKNOWN, it.forgotten + 1));
  }

  private int greet(Peers.Peer peer, long timeoutMs) {
    Command<Greeting> greeting =
        Command.of(Releases.class, it -> it.greet(new Greeting(Levels.RELEASE, own)));
    WireWriter out = new WireWriter();
    CommandCodec.writeCommand(greeting, Levels.FIRST, out);
    try {
      WireReader in =
          new WireReader(
              ClientCalls.blockingUnaryCall(
                  LevelHeader.announcing(own, peer.channel()),
                  RpcMethods.ASK,
                  CallOptions.DEFAULT.withDeadlineAfter(timeoutMs, TimeUnit.MILLISECONDS),
                  out.toByteArray()));
      Greeting theirs = CommandCodec.readReply(greeting, in);
      in.finish();
      return Levels.shared(own, theirs.level());
    } catch (StatusRuntimeException e) {
      // A release that knows the first level alone does not know the question.
      if (e.getStatus().getCode() == Status.Code.INVALID_ARGUMENT) {
        return Levels.FIRST;
      }
      throw e;
    }
  }
}
