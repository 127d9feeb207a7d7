/// The cluster as such: its agents, its coordinators, its producer ids.
///
/// `DescribeCluster, FindCoordinator → CatalogSnapshot`; `InitProducerId → ProducerIdBlocks →
/// Producers`.
///
/// Invariants: a producer id is given to one producer only. Must not know: topics, records.
package io.weft.agent.api.cluster;
