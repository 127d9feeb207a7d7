package io.weft.agent.membership;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.FileLedger;
import io.weft.model.AgentId;

/// Leases the file ids of this agent's cluster, and of no other one. Thread-safe.
///
/// Agent ids and file ids of all clusters begin alike, so another cluster's lease looks like one of
/// ours. The control plane is asked for its cluster *after* the lease: if it was exchanged before
/// the lease, this shows it.
public final class ClusterLedger implements FileLedger {
  private final FileLedger ledger;
  private final Registration registration;

  public ClusterLedger(FileLedger ledger, Registration registration) {
    this.ledger = ledger;
    this.registration = registration;
  }

  /// @throws ControlPlaneException also if the lease is another cluster's, or no answer says which
  ///   cluster it is of
  @Override
  public LeaseOutcome lease(AgentId agent, int count) {
    return ofThisCluster(ledger.lease(agent, count));
  }

  @Override
  public LeaseOutcome leaseLowLatency(AgentId agent, int count) {
    return ofThisCluster(ledger.leaseLowLatency(agent, count));
  }

  private LeaseOutcome ofThisCluster(LeaseOutcome outcome) {
    if (!registration.renew()) {
      throw new ControlPlaneException.Unavailable("the ids are another cluster's", null);
    }
    return outcome;
  }
}
