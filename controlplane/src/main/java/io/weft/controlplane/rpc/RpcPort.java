package io.weft.controlplane.rpc;

import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.ControlPlaneException.NotKnown;
import io.weft.controlplane.api.ControlPlaneException.Rejected;
import io.weft.controlplane.api.ControlPlaneException.Unavailable;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.ReaderTooOldException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.CommandCodec;
import io.weft.controlplane.command.CommandPort;
import io.weft.environment.Environment;
import io.weft.rpc.Attempts;
import io.weft.rpc.HostPort;
import io.weft.rpc.Peers;
import io.weft.rpc.RpcStatus;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A way to a control plane elsewhere, at one or several addresses of which one leads. Thread-safe.
///
/// Every command may be repeated as it is: commits answer by file id, leases and registrations may
/// go unused, the rest sets or reads a state. So a call whose fate is unknown (connection lost, no
/// answer in time, not the leader) is asked again, at the next address, until `callTimeoutMs` has
/// passed; only then is it `Unavailable`. What is asked of the group coordinator is the exception:
/// it is asked once, for as long as the caller says, and where it fails the next address is for the
/// next question.
public final class RpcPort implements CommandPort {
  private final Peers peers;
  private final RpcClientSettings settings;
  private final Environment environment;
  private final PeerLevels levels;
  private final RpcFeed feed;
  private volatile boolean closed;

  private RpcPort(Peers peers, RpcClientSettings settings, int level, Environment environment) {
    this.peers = peers;
    this.settings = settings;
    this.environment = environment;
    this.levels = new PeerLevels(level, peers.count());
    this.feed = new RpcFeed(peers, levels, settings, environment);
  }

  /// Connects when first asked; never fails for a control plane that is not there yet.
  ///
  /// @param addresses one for each process of the control plane
  /// @throws IllegalArgumentException for no, too many or impossible addresses
  /// @throws java.io.UncheckedIOException if a TLS file cannot be read
  public static RpcPort connect(
      List<HostPort> addresses, RpcClientSettings settings, Environment environment) {
    return connect(addresses, settings, Levels.KNOWN, environment);
  }

  /// As [#connect(List, RpcClientSettings, Environment)].
  ///
  /// @param level the highest that this side is to know
  public static RpcPort connect(
      List<HostPort> addresses, RpcClientSettings settings, int level, Environment environment) {
    if (addresses.isEmpty() || addresses.size() > HostPort.ADDRESSES_MAX) {
      throw new IllegalArgumentException(
          "%d addresses of the control plane, 1 to %d are allowed"
              .formatted(addresses.size(), HostPort.ADDRESSES_MAX));
    }
    for (HostPort address : addresses) {
      if (address.port() == 0) {
        throw new IllegalArgumentException("no port to connect to in '%s'".formatted(address));
      }
    }
    return new RpcPort(
        new Peers(addresses, settings.peers(), environment), settings, level, environment);
  }

  @Override
  public <R> R ask(Command<R> command) {
    Request<R> request = new Request<>(command, new byte[levels.own() + 1][]);
    try {
      // A command that is too long is refused without asking any peer.
      request.at(levels.own(), settings.messageBytesMax());
      return command.coordination().isPresent() ? askOnce(request) : askUntilDeadline(request);
    } catch (ReaderTooOldException e) {
      throw new Rejected(
          "this process is held to level %d: %s".formatted(levels.own(), e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while asking the control plane", e);
    }
  }

  @Override
  public CommitFeed feed() {
    return feed;
  }

  /// Calls that are under way end with `Unavailable`, feeds are broken.
  @Override
  public void close() {
    closed = true;
    peers.close();
  }

  private <R> R askUntilDeadline(Request<R> request) throws InterruptedException {
    Attempts attempts = new Attempts(peers.count(), settings.callTimeoutMs(), environment);
    BitSet tooOld = new BitSet(peers.count());
    String last = "";
    while (true) {
      Peers.Peer peer = peers.preferred();
      RuntimeException failure;
      long askedMs = environment.clock().monotonicMs();
      long timeoutMs = Math.clamp(attempts.leftMs(), 1, settings.attemptTimeoutMs());
      try {
        return ask(peer, request, timeoutMs);
      } catch (StatusRuntimeException e) {
        if (RpcStatus.isFinal(e.getStatus())) {
          throw RpcFailure.rejectedBy(peer.address(), e.getStatus());
        }
        failure = e;
      } catch (PeerTooOldException | MalformedBytesException e) {
        failure = e;
      }
      tooOld.set(peer.index(), failure instanceof PeerTooOldException);
      if (tooOld.cardinality() == peers.count()) {
        throw new NotKnown(failure.getMessage());
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      Status status = statusOf(failure);
      passOver(peer, status, askedMs);
      // Silence in what was left of the time says less than what was heard before.
      if (last.isEmpty()
          || timeoutMs == settings.attemptTimeoutMs()
          || status.getCode() != Status.Code.DEADLINE_EXCEEDED) {
        last = described(peer, failure);
      }
      if (closed || !attempts.another()) {
        throw unavailable(last, failure);
      }
    }
  }

  /// A peer that does not know the question has not been asked it.
  private <R> R askOnce(Request<R> request) throws InterruptedException {
    long waitMs = request.command().coordination().orElseThrow().waitMs();
    long untilMs = environment.clock().monotonicMs() + waitMs;
    for (int tooOld = 1; ; tooOld++) {
      Peers.Peer peer = peers.preferred();
      long askedMs = environment.clock().monotonicMs();
      try {
        return askOnce(peer, request, leftMs(untilMs));
      } catch (PeerTooOldException e) {
        if (tooOld == peers.count()) {
          throw new NotKnown(e.getMessage());
        }
        passOver(peer, statusOf(e), askedMs);
      }
    }
  }

  private <R> R askOnce(Peers.Peer peer, Request<R> request, long waitMs)
      throws InterruptedException {
    long askedMs = environment.clock().monotonicMs();
    try {
      return ask(peer, request, waitMs);
    } catch (StatusRuntimeException e) {
      if (RpcStatus.isFinal(e.getStatus())) {
        throw RpcFailure.rejectedBy(peer.address(), e.getStatus());
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      // That a member waits long for others says nothing about the peer.
      if (e.getStatus().getCode() != Status.Code.DEADLINE_EXCEEDED) {
        passOver(peer, e.getStatus(), askedMs);
      }
      throw unavailable(described(peer, e), e);
    } catch (MalformedBytesException e) {
      throw unavailable(described(peer, e), e);
    }
  }

  private void passOver(Peers.Peer peer, Status failure, long askedMs) {
    levels.forget(peer);
    peers.passOver(peer, failure, askedMs);
  }

  /// Asks at the level that is agreed on. A peer that refuses it may have been put back to an
  /// earlier release since then: nothing has happened yet, so it is greeted and asked again.
  private <R> R ask(Peers.Peer peer, Request<R> request, long timeoutMs) {
    long untilMs = environment.clock().monotonicMs() + timeoutMs;
    int level = levels.agree(peer, Math.min(timeoutMs, settings.attemptTimeoutMs()));
    if (request.command().question().since() > level) {
      // It may have been upgraded without a call of ours that failed.
      levels.forget(peer);
      level = levels.agree(peer, leftMs(untilMs));
    }
    try {
      return ask(peer, request, level, untilMs);
    } catch (StatusRuntimeException e) {
      if (e.getStatus().getCode() != Status.Code.INVALID_ARGUMENT || level == Levels.FIRST) {
        throw e;
      }
      levels.forget(peer);
      int now = levels.agree(peer, leftMs(untilMs));
      if (now >= level) {
        throw e;
      }
      return ask(peer, request, now, untilMs);
    }
  }

  private <R> R ask(Peers.Peer peer, Request<R> request, int level, long untilMs) {
    Command<R> command = request.command();
    if (command.question().since() > level) {
      throw new PeerTooOldException(
          "the control plane at %s is of a release that does not know %s: it has to be upgraded"
              .formatted(peer.address(), command.question()));
    }
    CallOptions options =
        CallOptions.DEFAULT.withDeadlineAfter(leftMs(untilMs), TimeUnit.MILLISECONDS);
    byte[] reply =
        ClientCalls.blockingUnaryCall(
            LevelHeader.announcing(levels.own(), peer.channel()),
            RpcMethods.ASK,
            options,
            bytes(peer, request, level));
    return read(command, reply);
  }

  private byte[] bytes(Peers.Peer peer, Request<?> request, int level) {
    try {
      return request.at(level, settings.messageBytesMax());
    } catch (ReaderTooOldException e) {
      throw new PeerTooOldException(
          "the control plane at %s has to be upgraded: %s"
              .formatted(peer.address(), e.getMessage()));
    }
  }

  private long leftMs(long untilMs) {
    return Math.max(1, untilMs - environment.clock().monotonicMs());
  }

  /// A peer does not know what it was to be asked, and has not been asked it. Another one may.
  private static final class PeerTooOldException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PeerTooOldException(String message) {
      super(message);
    }
  }

  /// A command and its bytes at each level, as they are needed. Owned by one thread.
  private record Request<R>(Command<R> command, byte[][] bytes) {
    /// @throws Rejected if it is too long
    /// @throws ReaderTooOldException if it says something that is not known at the level
    byte[] at(int level, int bytesMax) {
      if (bytes[level] == null) {
        WireWriter out = new WireWriter();
        CommandCodec.writeCommand(command, level, out);
        if (out.size() > bytesMax) {
          throw new Rejected(
              "a command of %d bytes, at most %d are allowed".formatted(out.size(), bytesMax));
        }
        bytes[level] = out.toByteArray();
      }
      return bytes[level];
    }
  }

  private static <R> R read(Command<R> command, byte[] reply) {
    WireReader in = new WireReader(reply);
    R value = CommandCodec.readReply(command, in);
    in.finish();
    return value;
  }

  private static String described(Peers.Peer peer, RuntimeException failure) {
    String what =
        failure instanceof MalformedBytesException
            ? "a reply that cannot be read: " + failure.getMessage()
            : RpcStatus.described(statusOf(failure));
    return "%s: %s".formatted(peer.address(), what);
  }

  private static Status statusOf(RuntimeException failure) {
    return failure instanceof PeerTooOldException
        ? RpcStatus.rejected(failure.getMessage())
        : Status.fromThrowable(failure);
  }

  private Unavailable unavailable(String last, RuntimeException failure) {
    String message =
        closed
            ? "the way to the control plane is closed"
            : "no answer in %d ms; last, %s".formatted(settings.callTimeoutMs(), last);
    return new Unavailable(message, failure);
  }
}
