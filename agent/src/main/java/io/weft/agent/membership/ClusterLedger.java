package io.weft.agent.membership;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.FileLedger;
import io.weft.model.AgentId;

/// Leases the file ids of this agent's cluster, and of no other one. Thread-safe.
///
/// Agent ids and file ids of all clusters begin alike, so another cluster's lease looks like one of
/// ours. It is asked *after* the lease whose control plane this is: one that was exchanged before
/// the lease is noticed then.
public final class ClusterLedger implements FileLedger {
  private final FileLedger ledger;
  private final Registration registration;

  public ClusterLedger(FileLedger ledger, Registration registration) {
    this.ledger = ledger;
    this.registration = registration;
  }

  /// @throws ControlPlaneException also if the lease is another cluster's, or nobody says whose
  @Override
  public LeaseOutcome lease(AgentId agent, int count) {
    LeaseOutcome outcome = ledger.lease(agent, count);
    if (!registration.renew()) {
      throw new ControlPlaneException.Unavailable("the ids are another cluster's", null);
    }
    return outcome;
  }
}
