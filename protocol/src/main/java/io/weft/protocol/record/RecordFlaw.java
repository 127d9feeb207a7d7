package io.weft.protocol.record;

/// What is wrong with one record of a batch.
///
/// @param index in the batch
/// @param message for people; never holds bytes of the record
public record RecordFlaw(int index, String message) {}
