/// How one file gets into the bucket.
///
/// `HedgedPut → FileCreation → ObjectStore.putIfAbsent`.
///
/// Invariants: nothing that is there is overwritten; a file that is met is known to be one's own by
/// its nonce, or is an alarm. Must not know: what is in a file, what becomes of it.
package io.weft.agent.produce.put;
