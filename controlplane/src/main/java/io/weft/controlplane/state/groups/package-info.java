/// The records of Kafka's group coordinator as a keyed table: what a new leader loads its shard
/// from.
///
/// `put, drop → GroupTable → rows → (new leader) controlplane.groups`. A row is the last record of
/// its key; what a transaction has staged stands apart until it ends.
///
/// Invariants: rows keep the order in which they took effect, and the number each was written with,
/// so that loading them is reading a compacted log; the same records give the same table. Must not
/// know: what a key or a value means.
package io.weft.controlplane.state.groups;
