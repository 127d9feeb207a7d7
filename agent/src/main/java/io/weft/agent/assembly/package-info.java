/// An agent put together: the one place that knows all its rooms and their order.
///
/// `AssembledAgent.of(AgentOutside, AgentSettings) → register → api`. A process adds what clients
/// reach it by and what is shown of it; a simulation hands requests to [AssembledAgent#api] itself.
///
/// Invariants: whatever runs as an agent is wired here, so that what is simulated is what is run;
/// nothing but `AgentOutside` leads out of an agent. Must not know: sockets, where settings come
/// from, how figures are shown.
package io.weft.agent.assembly;
