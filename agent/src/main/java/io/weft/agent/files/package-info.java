/// How files get their ids, and how they get into the bucket: for all code that writes files.
///
/// `FileIds.next → LeasedId`; `FilePuts.of (compose) → FilePut → HedgedPut → FileCreation →
/// ObjectStore.putIfAbsent`.
///
/// Invariants: an id is given once, and not after its time; no existing object is overwritten; a
/// file found under an id is recognised as the agent's own by its nonce, or raises an alarm. Must
/// not know: producers, why a file is written, what becomes of it.
package io.weft.agent.files;
