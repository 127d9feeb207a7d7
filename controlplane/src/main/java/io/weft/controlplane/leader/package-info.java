/// The one writer of a cluster's control plane: takes commands in turns, makes each turn durable,
/// then lets its answers out.
///
/// `LeaderSeat → Recovery → Replica → (takes over) → LeaderTerm → Turn → JournalWriter → answers,
/// FeedDesk → FeedSubscription`; `Housekeeping` decides what has run out, `SnapshotTaker` keeps the
/// journal short.
///
/// Invariants: no answer and no event leaves before everything it rests on is durable; a leader
/// that cannot be sure of an append drops its state and steps down, there is no rollback; which
/// process leads is decided by the journal alone (the process that writes the next entry leads);
/// whether a leader may still answer reads is decided by monotonic clocks. Must not know: sockets,
/// what a record means, Kafka.
package io.weft.controlplane.leader;
