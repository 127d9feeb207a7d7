/// Kafka connections: accept (at one address or several), read frames, hand requests over, send
/// answers back in request order.
///
/// `Listener → Connection (reader thread → Request → RequestHandler → Answer → encoded → answer
/// queue → writer thread)`. A `ByteBudget` bounds what all requests in flight may hold, two others
/// what all answers may (`OwedAnswer`). Long requests with records lie in a `BlockPool`
/// (`FrameBody`).
///
/// Invariants: answers leave in the order of their requests; the reader waits for no answer that
/// comes `Later`, but with an answer that takes more than a little memory; an answer that holds
/// bytes waits for nobody but its own peer, and that one has to keep a pace; nothing is allocated
/// by an announced length; a frame's memory is used again when its share has been released by all
/// who hold it, and never before; a peer that makes no progress is closed. Must not know: what a
/// request means, the control plane, files.
package io.weft.agent.network;
