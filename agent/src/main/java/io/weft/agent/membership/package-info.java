/// This agent's place among the agents: registered at start, renewed while it lives, given up at
/// its end.
///
/// `Registration → Membership`; `ClusterLedger → FileLedger` leases file ids.
///
/// Invariants: there is always an id once it has started; an id that lapsed is replaced by a new
/// one, never taken up again; no other cluster's control plane is taken for ours. Must not know:
/// topics, files, connections.
package io.weft.agent.membership;
