package io.weft.controlplane.state.share;

import java.util.List;

/// What a question comes to.
///
/// @param changes to be journalled and replayed, in order
public record Decided<R>(List<ShareChange> changes, R reply) {
  static <R> Decided<R> unchanged(R reply) {
    return new Decided<>(List.of(), reply);
  }
}
