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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// The level that is agreed on with each peer: the highest that both sides know. A peer is greeted
/// before it is first asked something, and again when it has failed or refused a message: another
/// release may answer there by then. Thread-safe.
final class PeerLevels {
  /// Not agreed on yet.
  private static final int UNKNOWN = 0;

  private final int own;
  private final AtomicIntegerArray agreed;

  /// @param own the highest level that this side knows
  PeerLevels(int own, int peers) {
    this.own = own;
    this.agreed = new AtomicIntegerArray(peers);
  }

  int own() {
    return own;
  }

  /// The level to write at, without asking: the first where nothing is agreed on.
  int known(Peers.Peer peer) {
    return Math.max(Levels.FIRST, agreed.get(peer.index()));
  }

  /// Agrees with the peer, if that has not been done.
  ///
  /// @throws StatusRuntimeException if the peer does not answer
  /// @throws io.weft.controlplane.codec.MalformedBytesException if it answers something else
  int agree(Peers.Peer peer, long timeoutMs) {
    if (own == Levels.FIRST) {
      return own;
    }
    int level = agreed.get(peer.index());
    if (level == UNKNOWN) {
      level = greet(peer, timeoutMs);
      agreed.set(peer.index(), level);
    }
    return level;
  }

  /// Another release may answer there from here on.
  void forget(Peers.Peer peer) {
    agreed.set(peer.index(), UNKNOWN);
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
                  LevelHeader.saying(own, peer.channel()),
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
