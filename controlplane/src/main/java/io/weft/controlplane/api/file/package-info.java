/// What may be asked about files beside their ids: which agents write them, which are to be merged,
/// and which are to be deleted.
///
/// `FileWriters` (agents that would rather ask a file's writer than the store); `Compactions`
/// (agents that merge files); `DeadFiles` (agents that delete)
///
/// Invariants: of what `FileWriters` and `Compactions` are asked, only a swap changes the state; a
/// file that was handed out to be deleted is never part of a log again. Must not know: what is in
/// files, who answers.
package io.weft.controlplane.api.file;
