/// How members of share groups get their records (KIP-932).
///
/// `ShareFetcher.fetch(ShareFetchOrder) → ShareGroups.acquire → LogFetcher.fetchAtOnce → Delivery
/// (what was not read, or is dead, is said back) → ShareFetched…`.
///
/// The control plane decides which member may process which records.
///
/// Invariants: records are shown as acquired only if the control plane gave them to the member and
/// they are in the same answer; what was acquired and is not shown is given back as if it had never
/// been acquired, or waits for the end of its lock where the control plane does not answer; a fetch
/// that waits holds no records. Must not know: sessions, requests, Kafka's codes, locks, delivery
/// counts' limits, extents.
package io.weft.agent.share;
