/// The agents that are registered.
///
/// `Membership → Agents → AgentRecord → Agents.replay`
///
/// Invariants: an agent's id is never given again; one instance has one id. Must not know: how long
/// an agent was silent (the leader tells it that one is gone), topics, files.
package io.weft.controlplane.state.agent;
