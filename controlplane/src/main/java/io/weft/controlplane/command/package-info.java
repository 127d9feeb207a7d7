/// Every question to the control plane as one value, so that asking in process and asking over a
/// network are the same thing (decision 0009).
///
/// `a method of api → Command → CommandPort → reply`. `Questions` has a `QuestionType` for each
/// method: its name and kind, its call, the bytes of its arguments and of its reply. The leader is
/// a port; `rpc` is a port to a leader elsewhere, with `CommandCodec` and `FeedCodec` between. The
/// `…Shape` classes are the bytes that are written by hand; the others follow from their types.
///
/// Invariants: a command says all there is to know of the question; answering it needs nothing else
/// of the caller. The feed of commits is a stream and not a command: a port opens it too. Each
/// message has a version of its own, nothing has a silent default, and a reply must fit its
/// question. Must not know: sockets.
package io.weft.controlplane.command;
