/// Bugs in what becomes of files: in reading them, merging them and deleting them.
///
/// `Build → Chunks, Compactions, DeadFiles with a bug`
///
/// Invariants: one bug each. Must not know: what finds them.
package io.weft.simulation.broken.file;
