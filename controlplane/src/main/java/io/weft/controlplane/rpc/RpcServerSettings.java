package io.weft.controlplane.rpc;

import io.weft.rpc.HostPort;
import io.weft.rpc.RpcSecurity;

/// Where the control plane is served, and its limits.
///
/// @param listen the address to listen at; port 0 for any free one
/// @param messageBytesMax a command, a reply or a feed message larger than this is refused
/// @param callsMax commands being answered at once; more are told to come again
/// @param feedsMax open feeds; more are told to come again
/// @param feedBacklogMax events plus their extents that wait for one slow agent before its feed is
///   broken
/// @param heartbeatMs a feed with nothing to say says so this often
/// @param drainMs how long closing waits for the calls that are being answered
public record RpcServerSettings(
    HostPort listen,
    RpcSecurity security,
    int messageBytesMax,
    int callsMax,
    int feedsMax,
    int feedBacklogMax,
    long heartbeatMs,
    long drainMs) {
  public static final int MESSAGE_BYTES_MAX = 64 << 20;
  public static final int CALLS_MAX = 10_000;
  public static final int FEEDS_MAX = 10_000;
  public static final int FEED_BACKLOG_MAX = 200_000;
  public static final long HEARTBEAT_MS = 2_000;
  public static final long DRAIN_MS = 5_000;

  public RpcServerSettings {
    if (messageBytesMax <= 0
        || callsMax <= 0
        || feedsMax <= 0
        || feedBacklogMax <= 0
        || heartbeatMs <= 0
        || drainMs < 0) {
      throw new IllegalArgumentException("a limit that is not positive");
    }
  }

  /// Everything but the address at its default.
  public static RpcServerSettings at(HostPort listen) {
    return new RpcServerSettings(
        listen,
        new RpcSecurity.PlainText(),
        MESSAGE_BYTES_MAX,
        CALLS_MAX,
        FEEDS_MAX,
        FEED_BACKLOG_MAX,
        HEARTBEAT_MS,
        DRAIN_MS);
  }

  public RpcServerSettings with(RpcSecurity changed) {
    return new RpcServerSettings(
        listen, changed, messageBytesMax, callsMax, feedsMax, feedBacklogMax, heartbeatMs, drainMs);
  }
}
