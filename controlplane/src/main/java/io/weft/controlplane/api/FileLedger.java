package io.weft.controlplane.api;

import io.weft.model.AgentId;

/// Who may write which file.
public interface FileLedger {
  /// Ids one lease may have, at most.
  int IDS_PER_LEASE_MAX = 10_000;

  /// Leases rising file ids that nobody else ever had. They can be committed until the lease
  /// expires, which is an entry in the journal and never undone.
  LeaseOutcome lease(AgentId agent, int count);

  sealed interface LeaseOutcome {
    /// @param usableMs how long from the *call* on the agent may begin files under these ids; the
    ///   control plane waits well longer before it lets them expire
    record Leased(long first, int count, long usableMs) implements LeaseOutcome {}

    /// The agent's registration has lapsed: register again.
    record UnknownAgent() implements LeaseOutcome {}
  }
}
