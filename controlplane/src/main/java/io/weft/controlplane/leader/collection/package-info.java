/// Letting stored data go, in one term.
///
/// `DataCollection.look → RetentionWalk, FileCollection`; the clocks of agents → `AgreedTime`
///
/// Invariants: no wall clock decides alone what is old; what is done in a turn is bounded by named
/// counts, and goes on in the next one. Must not know: the journal, turns.
package io.weft.controlplane.leader.collection;
