/// Load on any Kafka-compatible address, with the standard client: `weft bench`.
///
/// `ProduceBench`, `ConsumeBench`, `EndToEndBench`, `TransactionBench`, `RebalanceBench` with
/// standard clients, `CoordinatorBench` and `FailOverBench` over a `RawLink`; each from settings to
/// a report. `BenchCommands` is how the program finds them.
///
/// Invariants: nothing here is special to Weft, so that two systems are asked the same; bounded in
/// records and by itself over. Must not know: agents, control plane, stores.
package io.weft.bench;
