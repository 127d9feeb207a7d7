package io.weft.storage.object;

import java.nio.ByteBuffer;

/// Bytes of an object, and how many it has in all.
///
/// @param bytes from position to limit
public record ObjectPart(ByteBuffer bytes, long objectLength) {}
