/// The commit of uploaded files.
///
/// `Sequencer → CommitLimits → Commits → (FileLeases.settledOutcome, PartitionLogs.judge) →
/// FileCommitted`
///
/// Invariants: a file is judged as a whole against the state as the file before it has left it;
/// what was answered once is answered the same way again. It keeps nothing itself. Must not know:
/// how records become bytes.
package io.weft.controlplane.state.commit;
