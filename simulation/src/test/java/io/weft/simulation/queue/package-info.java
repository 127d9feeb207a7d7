/// A share group (KIP-932) as its members see it, and what must be true of every record of it.
///
/// `QueueMember → QueueCalls → Caller; QueueMember → QueueLedger`
///
/// Must not know: the nemesis, the control plane's state.
package io.weft.simulation.queue;
