package io.weft.agent.network;

import io.weft.agent.memory.BlockPool;

/// What a listener holds now.
///
/// @param connections that are open
/// @param requestBytes of requests that are being read, handled or answered
/// @param answerBytes of answers that are being built or sent
/// @param requestMemory outside the heap, for long requests with records
public record NetworkFigures(
    int connections, long requestBytes, long answerBytes, BlockPool.Figures requestMemory) {}
