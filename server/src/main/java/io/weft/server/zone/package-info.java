/// The zone of the machine that a process runs on, as its cloud says.
///
/// `CloudZone → Cloud (the questions of one cloud) → MetadataCall → the cloud's metadata service`
///
/// Invariants: nothing is asked unless the operator wants it, and then once, at the start; every
/// wait has a limit, each and all together; an answer is short and a plain word, or it counts as
/// none. Must not know: what a zone is used for.
package io.weft.server.zone;
