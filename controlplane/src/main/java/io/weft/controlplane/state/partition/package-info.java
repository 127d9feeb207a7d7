/// One partition's log as the control plane holds it: where its records lie, which transactions
/// ended where, and what its idempotent producers sent last.
///
/// `UploadedBatches → RunJudge → BatchOutcomes` decides and changes nothing; `PartitionLog.append`
/// makes what was decided part of the log. A `PartitionLog` is `PackedExtents` (at most 64 bytes of
/// heap per extent or marker), `AbortedTransactions` (which of them concern a read) and
/// `ProducerWindows` (the last five batches of each producer), all in arrays of longs: there are
/// millions of them.
///
/// Invariants: the spans of a log have no hole between them; the same calls give the same bytes in
/// a snapshot, whatever the capacity or history of the arrays behind it. Must not know: topics,
/// agents, records of the journal, clocks (time comes in with the call).
package io.weft.controlplane.state.partition;
