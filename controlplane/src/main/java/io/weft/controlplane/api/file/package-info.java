/// What may be asked about files beside their ids: which agents write them, and which are to be
/// merged.
///
/// `FileWriters` (agents that would rather ask a file's writer than the store), `Compactions`
/// (agents that merge files)
///
/// Invariants: of all this only a swap changes the state. Must not know: what is in files, who
/// answers.
package io.weft.controlplane.api.file;
