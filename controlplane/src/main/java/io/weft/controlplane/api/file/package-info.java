/// What may be asked about files beside their ids: which agents write them.
///
/// `FileWriters` (agents that would rather ask a file's writer than the store)
///
/// Invariants: nothing here changes a state. Must not know: what is in files, who answers.
package io.weft.controlplane.api.file;
