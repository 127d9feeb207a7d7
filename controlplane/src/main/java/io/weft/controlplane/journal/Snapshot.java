package io.weft.controlplane.journal;

import io.weft.controlplane.codec.WireReader;

/// A stored snapshot: the whole state as it is after one entry of the journal (opaque here).
///
/// @param tip the last entry that it holds
/// @param bytes of the state
/// @param state a reader of these bytes, to be used once. Pieces are fetched and checked as they
///   are needed, one at a time: what it is asked may throw a [JournalException]
public record Snapshot(JournalTip tip, long bytes, WireReader state) {}
