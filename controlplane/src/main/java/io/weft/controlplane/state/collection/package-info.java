/// The collection of files that no log needs.
///
/// `LiveFiles.empty, an expired lease → FileCollection → FilesCondemned`; `DeadFiles →
/// FileCollection.take → … → FilesDeleted`
///
/// Invariants: only what is a fact of the state is condemned: a committed file without extents, or
/// an id whose lease has ended before it was committed; never what is merely unknown. A file is
/// handed out only while it is condemned, for as long as the grace, and after the state was asked
/// again that no log needs it. Must not know: stores, clocks (the leader says what is ripe).
package io.weft.controlplane.state.collection;
