package io.weft.rpc;

import io.grpc.ChannelCredentials;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.ChannelOption;
import io.weft.environment.Clock;
import io.weft.environment.Environment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Processes of which any may answer, and which of them to ask first: the one that answered last.
/// Thread-safe.
public final class Peers implements AutoCloseable {
  private static final int CONNECT_TIMEOUT_MS = 3_000;

  /// gRPC's smallest; what must be noticed sooner is noticed by our own time limits.
  private static final long KEEP_ALIVE_MS = 10_000;

  private static final long KEEP_ALIVE_TIMEOUT_MS = 4_000;

  private final Clock clock;
  private final long attemptTimeoutMs;
  private final List<Peer> peers = new ArrayList<>();
  private final AtomicInteger preferred = new AtomicInteger();

  /// @param index its place in the list
  /// @param leftMs when its connection was given up last
  public record Peer(int index, HostPort address, ManagedChannel channel, AtomicLong leftMs) {}

  /// Connects when first asked; never fails for a process that is not there yet.
  public Peers(List<HostPort> addresses, PeerSettings settings, Environment environment) {
    this.clock = environment.clock();
    this.attemptTimeoutMs = settings.attemptTimeoutMs();
    ChannelCredentials credentials = settings.security().ofClient();
    Executor executor = new TaskExecutor(environment.tasks(), "rpc-client");
    for (HostPort address : addresses) {
      ManagedChannel channel =
          NettyChannelBuilder.forAddress(address.host(), address.port(), credentials)
              .executor(executor)
              .offloadExecutor(executor)
              .maxInboundMessageSize(settings.messageBytesMax())
              .keepAliveTime(KEEP_ALIVE_MS, TimeUnit.MILLISECONDS)
              .keepAliveTimeout(KEEP_ALIVE_TIMEOUT_MS, TimeUnit.MILLISECONDS)
              .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
              .disableRetry()
              .build();
      peers.add(new Peer(peers.size(), address, channel, new AtomicLong(Long.MIN_VALUE)));
    }
  }

  public int count() {
    return peers.size();
  }

  public Peer preferred() {
    Peer peer = peers.get(preferred.get());
    // Left to itself gRPC would wait, ever longer, before it connects again; our own back-off does.
    if (peer.channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      peer.channel.resetConnectBackoff();
    }
    return peer;
  }

  /// It did not answer: the next one is preferred now, if nobody has found that out before.
  ///
  /// If it was silent, its connection may be dead though nobody has said so, and the next one may
  /// be the same peer: the next call connects anew; those under way go on where they are.
  ///
  /// @param askedMs when the attempt began, on the monotonic clock: one that used the connection
  ///   from before says nothing about the one that is there now
  public void passOver(Peer peer, Status failure, long askedMs) {
    long nowMs = clock.monotonicMs();
    boolean silent =
        failure.getCode() == Status.Code.DEADLINE_EXCEEDED && nowMs - askedMs >= attemptTimeoutMs;
    long leftMs = peer.leftMs.get();
    if (silent && askedMs >= leftMs && peer.leftMs.compareAndSet(leftMs, nowMs)) {
      peer.channel.enterIdle();
    }
    preferred.compareAndSet(peer.index, (peer.index + 1) % peers.size());
  }

  @Override
  public void close() {
    peers.forEach(peer -> peer.channel.shutdownNow());
  }
}
