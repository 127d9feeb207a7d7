/// The control plane over a network: commands and the commit feed as our own bytes in gRPC calls
/// (decision 0002).
///
/// `Command → RpcPort → Peers ⇢ RpcServer → AskEndpoint → CommandPort → reply ⇠`, and `FeedStream →
/// FeedCall ⇢ RpcServer → FeedEndpoint → ServedFeed → CommitFeed → events ⇠`. Calls are always
/// opened from the agent's side.
///
/// Invariants: every call has a deadline that both sides keep; every command but one to the group
/// coordinator may be repeated as it is, so a client asks again, elsewhere too, until its deadline;
/// every queue has a named limit, and a feed that cannot keep up is broken rather than buffered or
/// thinned out; a feed that says nothing for a while is dead. Our code runs on virtual threads of
/// the environment, gRPC's own threads do IO. Must not know: what a command does, which process
/// leads and why, Kafka.
package io.weft.controlplane.rpc;
