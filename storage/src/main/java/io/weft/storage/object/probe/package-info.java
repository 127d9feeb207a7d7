/// Checks that a store keeps what [io.weft.storage.object.ObjectStore] promises, before any data is
/// trusted to it.
///
/// `StoreProbe → StoreVerdict`.
///
/// Invariants: only what Weft relies on is asked, through the same calls that Weft makes (a store
/// is not refused for what nobody needs: overwriting under a condition is asked for as soon as
/// something writes that way, and not before). Must not know: files, journals, processes.
package io.weft.storage.object.probe;
