/// Length-prefixed frames and request headers: bytes to Kafka's own request types and back.
///
/// `ByteBuffer → RequestFrame(header, request)`; `response → Send`. The message types themselves
/// are kafka-clients'.
///
/// Invariants: a frame that is not understood is refused with a reason, never half-read; nothing is
/// allocated by an announced length. Must not know: sockets, threads, Weft.
package io.weft.protocol.frame;
