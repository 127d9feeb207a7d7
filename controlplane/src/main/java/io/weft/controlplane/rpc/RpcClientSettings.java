package io.weft.controlplane.rpc;

import io.weft.rpc.PeerSettings;
import io.weft.rpc.RpcSecurity;

/// How the control plane is reached.
///
/// @param callTimeoutMs a call ends after this long, whatever happens
/// @param attemptTimeoutMs one address gets at most this long to answer before the next is asked: a
///   peer that is dead without a word is noticed by it
/// @param feedSilenceMs a feed that has said nothing for this long is taken for dead; well above
///   the server's `heartbeatMs`
/// @param messageBytesMax a command or a reply larger than this is refused; not above the server's
public record RpcClientSettings(
    RpcSecurity security,
    long callTimeoutMs,
    long attemptTimeoutMs,
    long feedSilenceMs,
    int messageBytesMax) {
  public static final long CALL_TIMEOUT_MS = 20_000;
  public static final long ATTEMPT_TIMEOUT_MS = 8_000;
  public static final long FEED_SILENCE_MS = 8_000;

  public RpcClientSettings {
    if (callTimeoutMs <= 0 || attemptTimeoutMs <= 0 || feedSilenceMs <= 0 || messageBytesMax <= 0) {
      throw new IllegalArgumentException("a limit that is not positive");
    }
  }

  public static RpcClientSettings defaults() {
    return new RpcClientSettings(
        new RpcSecurity.PlainText(),
        CALL_TIMEOUT_MS,
        ATTEMPT_TIMEOUT_MS,
        FEED_SILENCE_MS,
        RpcServerSettings.MESSAGE_BYTES_MAX);
  }

  /// How each of its processes is reached.
  PeerSettings peers() {
    return new PeerSettings(security, attemptTimeoutMs, messageBytesMax);
  }

  public RpcClientSettings with(RpcSecurity changed) {
    return new RpcClientSettings(
        changed, callTimeoutMs, attemptTimeoutMs, feedSilenceMs, messageBytesMax);
  }
}
