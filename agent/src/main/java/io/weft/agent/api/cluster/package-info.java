/// The cluster as such: its agents and its coordinators.
///
/// `DescribeClusterHandler, FindCoordinatorHandler → CatalogSnapshot`; `DescribeQuorumHandler →
/// Quorum`.
///
/// Invariants: any agent may stand for any coordinator, and the same one does for the same key.
/// Must not know: topics, records.
package io.weft.agent.api.cluster;
