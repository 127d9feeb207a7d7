/// Brings what a reader far behind will ask for next, before it asks.
///
/// `ReadAhead.served → SequentialReader (window) → ExtentIndex → AheadPiece… → Chunks.read
/// (READ_AHEAD)`.
///
/// Invariants: nothing is needed: a reader that comes before its bytes, or after they have gone,
/// brings them itself; what is read ahead, the loads of it at once and the readers remembered are
/// bounded; no call waits. Must not know: records, clients, where chunks come from.
package io.weft.agent.ahead;
