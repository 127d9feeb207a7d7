/// A whole cluster in one world: two seats of a control plane, two or three agents in zones, and
/// the networks between them, the store and their clients.
///
/// `ClientLink → ClientPort → KafkaApi` (all that an agent is, but its listener) `→ CommandLink →
/// LeaderSeat`; each process reaches the one store through a link of its own. From agent to agent:
/// `NeighbourWay → NeighbourCall → NeighbourPort → NeighbourDesk`.
///
/// Invariants: processes share nothing but what never blocks; between two of them go bytes, or
/// values nobody writes to. Must not know: what clients want.
package io.weft.simulation.cluster;
