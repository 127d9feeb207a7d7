package io.weft.agent.api.share;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.ApiParts;
import io.weft.agent.fetch.LogFetcher;
import io.weft.agent.fetch.OffsetSearch;
import io.weft.controlplane.api.ShareGroups;
import java.util.List;

/// The handlers of this package.
public final class ShareHandlers {
  private ShareHandlers() {}

  public static List<ApiHandler> of(
      ApiParts parts, LogFetcher fetcher, OffsetSearch search, ShareSessions sessions) {
    ShareReading reading =
        new ShareReading(
            parts.catalog(),
            parts.controlPlane().as(ShareGroups.class),
            fetcher,
            search,
            parts.environment());
    Acknowledging acknowledging =
        new Acknowledging(reading.catalog(), reading.groups(), reading.environment());
    LockTimes lockTimes = new LockTimes();
    return List.of(
        new ShareFetchHandler(reading, sessions, acknowledging, lockTimes),
        new ShareAcknowledgeHandler(sessions, acknowledging, lockTimes));
  }
}
