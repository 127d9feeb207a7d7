/// Every question to the control plane as one value, so that asking in process and asking over a
/// network are the same thing.
///
/// `ControlPlane's interfaces → CommandedControlPlane → Command → CommandPort → reply`. The leader
/// is a port; `rpc` is a port to a leader elsewhere, with `CommandCodec` and `FeedCodec` between.
///
/// Invariants: a command says all there is to know of the question; answering it needs nothing else
/// of the asker. The feed of commits is a stream and not a command: a port opens it too. Bytes are
/// versioned, without silent defaults, and a reply must fit its question. Must not know: sockets.
package io.weft.controlplane.command;
