/// The agents that are registered.
///
/// `Membership → Agents → AgentRecord → Agents.replay`; NeighbourKeys are what agents sign with.
///
/// Invariants: an agent's id is never given again; one instance has one id; a key's number rises.
/// Must not know: how long an agent was silent (the leader tells it that one is gone), topics,
/// files.
package io.weft.controlplane.state.agent;
