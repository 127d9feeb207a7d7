/// The APIs of groups and of their offsets: passed on to the control plane as Kafka's own bytes.
///
/// `Request → GroupHandler → DeferredCoordination → Groups.coordinate → Answer`. What the requests
/// mean is known to the control plane alone; any agent is as good a coordinator as any other.
///
/// Invariants: a connection's requests reach the coordinator one after the other, in their order,
/// as at a Kafka broker (a later commit must not be overtaken by an earlier one); none is repeated
/// here. Must not know: groups, members, offsets.
package io.weft.agent.api.groups;
