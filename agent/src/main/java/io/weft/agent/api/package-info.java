/// One handler per Kafka API, the table of them, and the one map to Kafka's error codes.
///
/// `Request → ApiHandler → Answer`; `ProduceHandler → ProducePath`.
///
/// Invariants: Kafka's error codes appear here only; no answer says UNKNOWN_SERVER_ERROR. Must not
/// know: sockets, files, objects.
package io.weft.agent.api;
