package io.weft.agent.api.fetch;

/// @param slotsMax sessions at once (`max.incremental.fetch.session.cache.slots`)
/// @param staleMs a session unused for this long may be taken away, and one that is older than this
///   by a larger one
public record SessionSettings(int slotsMax, long staleMs) {
  public static final SessionSettings STANDARD = new SessionSettings(1_000, 120_000);
}
