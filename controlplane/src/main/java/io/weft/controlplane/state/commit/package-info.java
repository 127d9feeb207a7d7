/// The commit of uploaded files.
///
/// `Sequencer → CommitLimits → Commits → (FileLeases.settledOutcome, PartitionLogs.judge) →
/// FileCommitted`
///
/// Invariants: a file is judged as a whole, against the state that the file before it has left; a
/// repeated question gets the same answer. It holds no state itself. Must not know: how records
/// become bytes.
package io.weft.controlplane.state.commit;
