/// How files get their ids, and how they get into the bucket: for all code that writes files.
///
/// `FileIds.next → LeasedId`; `FilePuts.of (compose) → FilePut → HedgedPut → FileCreation →
/// ObjectStore.putIfAbsent`.
///
/// Invariants: an id is given once, and not after its time; nothing that is there is overwritten; a
/// file that is met is known to be one's own by its nonce, or is an alarm. Must not know:
/// producers, why a file is written, what becomes of it.
package io.weft.agent.files;
