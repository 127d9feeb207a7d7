package io.weft.controlplane.api;

import io.weft.controlplane.codec.shape.Fixed;
import io.weft.model.OpaqueBytes;

/// A request to the group coordinator, in Kafka's own bytes, and the client it is from.
///
/// @param apiKey Kafka's number of the API
/// @param version of the API
/// @param waitMs how long the client waits for the reply
/// @param body the request without its header, in `version`
public record GroupRequest(
    @Fixed short apiKey, @Fixed short version, Client client, long waitMs, OpaqueBytes body) {
  /// The longest wait: as long as a rebalance may take.
  public static final long WAIT_MS_MAX = 1_800_000;

  public GroupRequest {
    if (waitMs <= 0 || waitMs > WAIT_MS_MAX) {
      throw new IllegalArgumentException("a wait of %d ms".formatted(waitMs));
    }
  }

  /// The client that asks.
  ///
  /// @param clientId as the client calls itself; empty if it does not say
  /// @param clientHost its address, in digits
  /// @param principal under which it came, `type:name`
  public record Client(String clientId, String clientHost, String principal) {}
}
