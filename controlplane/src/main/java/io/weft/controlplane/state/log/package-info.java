/// The logs of all partitions and the files that they lie in.
///
/// `FileCommitted, TopicRecord, LogRecord → PartitionLogs.replay → PartitionLog, LiveFiles`;
/// `ExtentIndex → Lookups → PartitionLogs`; `ExtentsReplaced → PartitionLogs.replace →
/// ReplacementCheck → SumCheck`; every change of an extent → `Conservation`. One partition's log is
/// `state.partition`'s.
///
/// Invariants: a file is live as long as a log holds an extent of it, and one that was condemned
/// never becomes live again; extents are replaced only by others with the same offsets, and only as
/// long as they are what they were, and by the same batches as far as sums tell; what was produced
/// is live or was deleted, after each record; logs of deleted topics that are kept (`RetiredLogs`)
/// hold their files, are live, and are found only by what says so; logs are iterated in the order
/// of their topics' ids wherever the order shows. Must not know: agents, leases, transactions (they
/// end one by `PartitionLogs.endTransaction`).
package io.weft.controlplane.state.log;
