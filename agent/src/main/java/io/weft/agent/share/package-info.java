/// How members of share groups get their records (KIP-932).
///
/// `ShareFetcher.fetch(ShareFetchOrder) → ShareGroups.acquire → LogFetcher.fetchAtOnce → Delivery
/// (what was not read, or is dead, is said back) → ShareFetched…`.
///
/// The control plane decides which member may process which records.
///
/// Invariants: what is shown as acquired is just what the control plane gave to the member and what
/// lies in the records shown with it; what was acquired and is not shown is given back as if it had
/// not been; a fetch that waits holds no records. Must not know: sessions, requests, Kafka's codes,
/// locks, delivery counts' limits, extents.
package io.weft.agent.share;
