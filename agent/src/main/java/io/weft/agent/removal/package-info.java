/// Deleting the files that no log needs any more.
///
/// `DeadFiles.take → FileRemoval → ObjectStore.delete → DeadFiles.deleted`
///
/// Invariants: nothing is deleted but what the control plane of the bucket's own cluster has handed
/// out; only what the store has confirmed is reported; a failure is followed by a pause. Must not
/// know: what files hold, why they are dead, and the names of what is in the store.
package io.weft.agent.removal;
