/// Produce: what a request's batches are, and what became of them, in Kafka's words.
///
/// `ProduceHandler: ProduceRequest → ProduceTopics → BatchVerifier → ProducePath.append →
/// DeferredProduce → ProduceReply (ProduceErrors) → ProduceResponse`.
///
/// Invariants: a batch is verified before it is appended, on the thread that reads the connection;
/// every partition of a request gets exactly one outcome, and none of them is UNKNOWN_SERVER_ERROR.
/// Must not know: files, uploads, commits.
package io.weft.agent.api.produce;
