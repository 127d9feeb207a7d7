/// Files that are to be deleted: in which order they were condemned, and that they stay dead.
///
/// `DeadFileRecord, FileRecord → CondemnedFiles.replay`; the commit of a file, a replacement of
/// extents → `CondemnedFiles.refuses`
///
/// Invariants: a file that was condemned is never part of a log again; it is forgotten only once a
/// store has confirmed that it is not there and its id can no longer be committed. Must not know:
/// the logs, agents, how long a grace lasts. `state.collection` decides.
package io.weft.controlplane.state.dead;
