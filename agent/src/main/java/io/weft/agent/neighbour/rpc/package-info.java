/// What agents of a zone say to each other, over gRPC: one method, a request and a stream of
/// messages.
///
/// `RpcNeighbourLink → RpcCall … NeighbourServer → NeighbourEndpoint → NeighbourDesk`
///
/// Invariants: a call has a deadline; a side that takes messages slowly is sent no more than it has
/// room for; a call without a valid signature is refused before anything else; a message is held to
/// its size before memory is taken for it. Must not know: what is asked, which agent is asked for
/// what.
package io.weft.agent.neighbour.rpc;
