/// What processes of Weft need to call each other over gRPC, whatever they ask.
///
/// `HostPort, RpcSecurity → Peers → Attempts`; `RpcStatus` says how a call went.
///
/// Invariants: a call is tried at every peer before it pauses, and not beyond its deadline; our
/// code runs on virtual threads of the environment, gRPC's own threads do IO; TLS is checked by
/// both sides or not used at all. Must not know: which process is called, what is asked.
package io.weft.rpc;
