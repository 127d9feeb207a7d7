package io.weft.rpc;

/// How other processes are reached.
///
/// @param attemptTimeoutMs one that has said nothing for this long may be dead without a word
/// @param messageBytesMax a larger reply is refused
public record PeerSettings(RpcSecurity security, long attemptTimeoutMs, int messageBytesMax) {
  public PeerSettings {
    if (attemptTimeoutMs <= 0 || messageBytesMax <= 0) {
      throw new IllegalArgumentException("a limit that is not positive");
    }
  }
}
