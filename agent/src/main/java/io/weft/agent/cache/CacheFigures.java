package io.weft.agent.cache;

import java.util.Map;

/// What the cache has done since its start, and holds now.
///
/// @param hits reads answered from memory, by chunk
/// @param loads GETs that brought a chunk
/// @param joined reads that waited for a load somebody else had begun
/// @param failures loads that failed
/// @param bytesLoaded bytes the loads brought
/// @param freshFiles files taken from their writer
/// @param bytesHeld now
/// @param chunksHeld now
/// @param loadsFor the loads, by the purpose of the reader that began each
public record CacheFigures(
    long hits,
    long loads,
    long joined,
    long failures,
    long bytesLoaded,
    long freshFiles,
    long bytesHeld,
    int chunksHeld,
    Map<ReadPurpose, Long> loadsFor) {}
