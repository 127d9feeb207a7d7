/// Share groups (KIP-932): which records of a partition a group is done with, and which member is
/// processing which of them.
///
/// `ShareGroups → ShareDesk → SharePartitions → SharePartition → OffsetRuns`: a question comes to
/// `ShareChange`s and a reply; replaying the changes (`ShareChanged`) moves the durable part on.
///
/// Two kinds of memory, kept in one list of runs. *Durable*: the start offset, what is finished,
/// how often what is not finished was delivered; changed by `replay` only, the same on every
/// replica, all there is in a snapshot. *The leader's*: which member holds which records until
/// when, and which calls were answered lately; never in a record or a snapshot, gone with a
/// fail-over, after which the records are available again.
///
/// Invariants: an offset that is finished is never delivered again; the offsets between start and
/// end that are not finished are no more than the group's limit; a run of records costs the same
/// however many records it has. Must not know: Kafka's error codes, sessions, record bytes.
package io.weft.controlplane.state.share;
