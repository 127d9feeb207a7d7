package io.weft.controlplane.rpc;

import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.ControlPlaneException.Rejected;
import io.weft.controlplane.api.ControlPlaneException.Unavailable;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.CommandCodec;
import io.weft.controlplane.command.CommandPort;
import io.weft.controlplane.command.Levels;
import io.weft.environment.Environment;
import io.weft.rpc.Attempts;
import io.weft.rpc.HostPort;
import io.weft.rpc.Peers;
import io.weft.rpc.RpcStatus;
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
  private final RpcFeed feed;
  private volatile boolean closed;

  private RpcPort(Peers peers, RpcClientSettings settings, Environment environment) {
    this.peers = peers;
    this.settings = settings;
    this.environment = environment;
    this.feed = new RpcFeed(peers, settings, environment);
  }

  /// Connects when first asked; never fails for a control plane that is not there yet.
  ///
  /// @param addresses one for each process of the control plane
  /// @throws IllegalArgumentException for no, too many or impossible addresses
  /// @throws java.io.UncheckedIOException if a TLS file cannot be read
  public static RpcPort connect(
      List<HostPort> addresses, RpcClientSettings settings, Environment environment) {
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
    return new RpcPort(new Peers(addresses, settings.peers(), environment), settings, environment);
  }

  @Override
  public <R> R ask(Command<R> command) {
    WireWriter out = new WireWriter();
    CommandCodec.writeCommand(command, Levels.FIRST, out);
    if (out.size() > settings.messageBytesMax()) {
      throw new Rejected(
          "a command of %d bytes, at most %d are allowed"
              .formatted(out.size(), settings.messageBytesMax()));
    }
    try {
      return command.coordination().isPresent()
          ? askOnce(command, out.toByteArray())
          : askUntilDeadline(command, out.toByteArray());
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

  private <R> R askUntilDeadline(Command<R> command, byte[] request) throws InterruptedException {
    Attempts attempts = new Attempts(peers.count(), settings.callTimeoutMs(), environment);
    String last = "";
    while (true) {
      Peers.Peer peer = peers.preferred();
      RuntimeException failure;
      long askedMs = environment.clock().monotonicMs();
      long timeoutMs = Math.clamp(attempts.leftMs(), 1, settings.attemptTimeoutMs());
      try {
        return read(command, ask(peer, request, timeoutMs));
      } catch (StatusRuntimeException e) {
        if (RpcStatus.isFinal(e.getStatus())) {
          throw RpcFailure.rejectedBy(peer.address(), e.getStatus());
        }
        failure = e;
      } catch (MalformedBytesException e) {
        failure = e;
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      Status status = Status.fromThrowable(failure);
      peers.passOver(peer, status, askedMs);
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

  private <R> R askOnce(Command<R> command, byte[] request) throws InterruptedException {
    long waitMs = command.coordination().orElseThrow().waitMs();
    Peers.Peer peer = peers.preferred();
    long askedMs = environment.clock().monotonicMs();
    try {
      return read(command, ask(peer, request, waitMs));
    } catch (StatusRuntimeException e) {
      if (RpcStatus.isFinal(e.getStatus())) {
        throw RpcFailure.rejectedBy(peer.address(), e.getStatus());
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      // That a member waits long for others says nothing about the peer.
      if (e.getStatus().getCode() != Status.Code.DEADLINE_EXCEEDED) {
        peers.passOver(peer, e.getStatus(), askedMs);
      }
      throw unavailable(described(peer, e), e);
    } catch (MalformedBytesException e) {
      throw unavailable(described(peer, e), e);
    }
  }

  private static byte[] ask(Peers.Peer peer, byte[] request, long timeoutMs) {
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(timeoutMs, TimeUnit.MILLISECONDS);
    return ClientCalls.blockingUnaryCall(peer.channel(), RpcMethods.ASK, options, request);
  }

  private static <R> R read(Command<R> command, byte[] reply) {
    WireReader in = new WireReader(reply);
    R value = CommandCodec.readReply(command, in);
    in.finish();
    return value;
  }

  private static String described(Peers.Peer peer, RuntimeException failure) {
    String what =
        failure instanceof StatusRuntimeException refused
            ? RpcStatus.described(Status.fromThrowable(refused))
            : "a reply that cannot be read: " + failure.getMessage();
    return "%s: %s".formatted(peer.address(), what);
  }

  private Unavailable unavailable(String last, RuntimeException failure) {
    String message =
        closed
            ? "the way to the control plane is closed"
            : "no answer in %d ms; last, %s".formatted(settings.callTimeoutMs(), last);
    return new Unavailable(message, failure);
  }
}
