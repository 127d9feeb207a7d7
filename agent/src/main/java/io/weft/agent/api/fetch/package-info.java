/// Reading records: Fetch with its sessions, ListOffsets, OffsetForLeaderEpoch.
///
/// `FetchHandler: FetchRequest → FetchSessions (KIP-227) → TopicLookup → LogFetcher →
/// FetchResponse`; the other two ask `OffsetSearch`.
///
/// Invariants: an unknown topic, an unknown epoch and every offset are answered only after the
/// control plane was asked; a failure of one partition does not affect the others; Kafka's codes
/// are made here. Must not know: extents, files, chunks.
package io.weft.agent.api.fetch;
