/// One handler per Kafka API, and the table of the handlers.
///
/// `Request → KafkaApi → ApiHandler → Answer`. The handlers lie in packages by subject: `produce`,
/// `topics`, `configs` and so on; KafkaApi takes whatever list it is given and advertises just
/// that.
///
/// Invariants: Kafka's error codes appear here and nowhere below in an agent (those of groups come
/// from Kafka's own coordinator in the leader, as bytes that are passed on); a failure of the
/// control plane becomes an answer that Kafka's clients retry, never UNKNOWN_SERVER_ERROR; "unknown
/// topic" is said only after the control plane was asked. Must not know: sockets, threads of
/// connections, file formats, the journal.
package io.weft.agent.api;
