/// Which agent may commit which file ids, and what became of the ids it has used.
///
/// `FileLedger → FileLeases → FileRecord → FileLeases.replay`; a `FileCommitted` is decided by
/// `state.commit` and heard by the logs and the transactions too. `CommittedFileShape` writes it,
/// in columns.
///
/// Invariants: a file id is committed at most once, and never again after its lease has ended or
/// its agent has declared it settled; until then its outcome can be asked for again. Must not know:
/// logs, the outcome of a batch.
package io.weft.controlplane.state.file;
