package io.weft.agent.ahead;

/// What has been read ahead since the start, and is held now.
///
/// @param bytes that were brought
/// @param bytesUsed of these, that their reader has come to
/// @param bytesUnused of these, that were let go before, or whose reader went elsewhere
/// @param bytesHeld that are on their way or wait for their reader, now
/// @param readers remembered now
public record AheadFigures(
    long bytes, long bytesUsed, long bytesUnused, long bytesHeld, int readers) {}
