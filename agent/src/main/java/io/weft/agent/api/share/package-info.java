/// Queues (KIP-932): ShareFetch and ShareAcknowledge, with the sessions of the members.
///
/// `ShareFetchHandler: ShareFetchRequest → ShareSessions → Acknowledging → ShareRound (acquire →
/// LogFetcher → give back what was not read) → ShareFetchResponse`; `ShareAcknowledgeHandler` does
/// the first half.
///
/// Who may process which records is the control plane's to say; a session here only remembers which
/// partitions a member reads from this agent. It ends with its connection, and then what the member
/// holds of these partitions is given back.
///
/// Invariants: an answer shows as acquired just what the control plane gave to the member and what
/// lies in the answer's records; what was acquired and is not answered is given back as if it had
/// not been; Kafka's codes are made here. Must not know: locks, delivery counts, extents.
package io.weft.agent.api.share;
