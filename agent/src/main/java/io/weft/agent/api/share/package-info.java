/// Queues (KIP-932): ShareFetch and ShareAcknowledge, with the sessions of the members.
///
/// `ShareFetchHandler: ShareFetchRequest → ShareSessions → Acknowledging → ShareRound →
/// ShareFetcher.fetch → ShareFetchResponse`; `ShareAcknowledgeHandler` does the first half.
///
/// The control plane decides which member may process which records; a session here only remembers
/// which partitions a member reads from this agent. It ends with its connection, and then what the
/// member holds of these partitions is given back.
///
/// Invariants: every partition of a request is answered once; Kafka's codes are made here. Must not
/// know: how records are acquired and read, locks, delivery counts, extents.
package io.weft.agent.api.share;
