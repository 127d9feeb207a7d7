package io.weft.controlplane.state.part;

import io.weft.controlplane.codec.shape.Kind;

/// One change of the control plane's state, as it stands in the journal.
///
/// Records come in families, one for each part of the state: a sealed interface each, or a record
/// by itself. Every record has a [Kind] that no other has, in whichever family; its bytes are
/// derived from its components.
public interface StateRecord {
  /// One whose time matters.
  interface Timed extends StateRecord {
    /// The leader's time at the decision.
    long timeMs();
  }

  /// The first record of a cluster.
  @Kind(1)
  record ClusterFounded(String clusterId, long timeMs) implements Timed {}
}
