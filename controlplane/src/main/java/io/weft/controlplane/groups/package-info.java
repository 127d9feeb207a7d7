/// Groups of every kind and their offsets, by Kafka's own group coordinator, driven inside the
/// leader's turns.
///
/// `GroupRequest → LedGroups → (ClassicApis | OffsetApis | MemberApis | ListApis | StreamsApis |
/// ShareOffsetApis) → Shard → GroupCoordinatorShard → records → GroupStep (state, entry)`; answers
/// go back through the step and leave when the turn is durable. `groups.work` stands for Kafka's
/// timer and thread pool, `CatalogImage` for its metadata.
///
/// Invariants: everything but the matching of regular expressions happens on the leader's thread,
/// in a step of a turn; what the shard decides is replayed into it and written to the state's table
/// in that step; nothing else outlives a term. Must not know: the journal, sockets, other Kafka
/// classes than the coordinator's and the messages. The coordinator's internal classes (pinned to
/// one version) are used here and below, except for its settings, and nowhere else.
package io.weft.controlplane.groups;
