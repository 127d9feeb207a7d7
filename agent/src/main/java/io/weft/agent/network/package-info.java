/// Kafka connections: accept, read frames, hand requests over, send answers back in request order.
///
/// `Listener → Connection (reader thread → Request → RequestHandler → Answer → answer queue →
/// writer thread)`. `ByteBudget` bounds what all requests in flight may hold.
///
/// Invariants: answers leave in the order of their requests; the reader waits for no answer that
/// comes `Later`; nothing is allocated by an announced length; a peer that makes no progress is
/// closed. Must not know: what a request means, the control plane, files.
package io.weft.agent.network;
