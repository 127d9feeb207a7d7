/// What clients saw of a cluster: taken down, written, read again.
///
/// `Recorder → Event… → (HistoryWriter → file → HistoryReader →) HistoryBuilder → History → Op…`
///
/// Invariants: a history is values; every operation is invoked once and completed at most once; a
/// file that breaks off is a history of what came before.
///
/// Must not know: agents, control planes, stores, Kafka's classes, clocks. A test may record what
/// any system did with it, an Apache Kafka too.
package io.weft.history;
