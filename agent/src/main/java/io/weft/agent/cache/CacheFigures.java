package io.weft.agent.cache;

import io.weft.agent.memory.PagePool;
import java.util.Map;

/// What the cache has done since its start, and holds now.
///
/// @param hits reads answered from memory, by chunk
/// @param loads GETs that brought a chunk
/// @param joined reads that waited for a load somebody else had begun
/// @param failures loads that failed
/// @param bytesLoaded bytes the loads brought
/// @param freshFiles files taken from their writer
/// @param notKept chunks that no page was free for, since readers held too many
/// @param bytesHeld now, for readers to come
/// @param chunksHeld now
/// @param memory outside the heap
/// @param bytesOnlyReaders of this memory, what readers hold of chunks that were let go
/// @param loadsFor the loads, by the purpose of the reader that began each
public record CacheFigures(
    long hits,
    long loads,
    long joined,
    long failures,
    long bytesLoaded,
    long freshFiles,
    long notKept,
    long bytesHeld,
    int chunksHeld,
    PagePool.Figures memory,
    long bytesOnlyReaders,
    Map<ReadPurpose, Long> loadsFor) {}
