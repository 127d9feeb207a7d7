/// Turns "these partitions, from these offsets on" into records, and waits for more where there is
/// too little.
///
/// `LogFetcher: FetchOrder → Locator (TailIndex, else ExtentIndex) → Located → ReadPlan →
/// FetchClient (room) → Assembly (SharedReadings, PartitionReader) → Fetched`; `OffsetSearch` finds
/// offsets by time.
///
/// Invariants: one partition's answer comes from one version of its metadata; "out of range" and
/// "unknown partition" are said only after a control-plane read newer than the request; records are
/// never skipped, whatever is missing or damaged, and a gap between batches is one of removed
/// records only where the extent says that there may be some; what one answer loads is bounded;
/// what is read is answered. Must not know: connections, Kafka's error codes, where chunks come
/// from.
package io.weft.agent.fetch;
