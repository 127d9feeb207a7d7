/// The agents of one zone as one cache: each piece of a file has an owner among them, which brings
/// it from the store once, however many agents ask for it.
///
/// `ZoneChunks → NearPieces, else Neighbours (ZoneRing, FileWriterTable) → NeighbourLine →
/// NeighbourLink … NeighbourDesk → Chunks`; what no neighbour gives in time comes from the agent's
/// own chunks, and so from the store.
///
/// Invariants: nothing here is needed for a right answer, and every wait in here has an end; an
/// owner that is busy says so at once, and the agent that asked goes to the store: no agent waits
/// for another that waits for it; a neighbour's bytes are checked as the store's are; memory is
/// taken for lengths that are within the limits only; nothing is looked at of a request without a
/// valid signature (`RequestSeal`). Must not know: partitions, offsets, how messages travel.
package io.weft.agent.neighbour;
