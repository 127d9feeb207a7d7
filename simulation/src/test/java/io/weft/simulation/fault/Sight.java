package io.weft.simulation.fault;

/// What only trouble brings about, as agents and clients see it. Each must have been seen in the
/// seeds of the suite: a fault that has no consequence tests nothing.
public enum Sight {
  /// A file's commit came after its id had expired.
  FILE_EXPIRED,
  /// A batch that was there already was sent again.
  DUPLICATE,
  /// So long ago that its offset is forgotten.
  DUPLICATE_FORGOTTEN,
  /// A batch came before the one that should have been before it.
  OUT_OF_ORDER,
  /// A batch of a producer's former epoch.
  OLD_EPOCH,
  /// An agent's registration had lapsed.
  AGENT_UNKNOWN,
  /// The control plane is led by another one.
  LEADER_CHANGED,
  /// The answer to a produce was that it is not known whether it was done.
  PRODUCE_TIMED_OUT,
  /// The answer to a produce was that it was not done.
  PRODUCE_REFUSED,
  /// A fetch met what could not be read.
  FETCH_FAILED
}
