/// Load on any Kafka-compatible address, with the standard client: `weft bench`.
///
/// `ProduceBench`, `ConsumeBench` and `EndToEndBench`, each from settings to a `BenchReport`.
///
/// Invariants: nothing here is special to Weft, so that two systems are asked the same; bounded in
/// records and by itself over. Must not know: agents, control plane, stores.
package io.weft.server.bench;
