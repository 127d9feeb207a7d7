package io.weft.storage.object;

/// What a store says of an object without sending it.
public record ObjectInfo(ObjectKey key, long length) {}
