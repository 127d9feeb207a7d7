package io.weft.agent.fetch.work;

/// What was made since the start, and how often that was enough for another thread too.
///
/// @param made times that a thread made something
/// @param shared times that a thread got what another one made
/// @param bytesKept of what stays for a moment, now
public record OnceFigures(long made, long shared, long bytesKept) {}
