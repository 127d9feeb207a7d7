/// What may be asked about files beside their ids: which agents write them, and which are to be
/// deleted.
///
/// `FileWriters` (agents that would rather ask a file's writer than the store); `DeadFiles` (agents
/// that delete)
///
/// Invariants: a file that was handed out to be deleted is never part of a log again. Must not
/// know: what is in files, who answers.
package io.weft.controlplane.api.file;
