package io.weft.agent.api.share;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.fetch.LogFetcher;
import io.weft.agent.fetch.OffsetSearch;
import io.weft.controlplane.api.ShareGroups;
import io.weft.environment.Environment;
import java.util.List;

/// The handlers of this package.
public final class ShareHandlers {
  private ShareHandlers() {}

  public static List<ApiHandler> of(
      LiveCatalog catalog,
      ShareGroups groups,
      LogFetcher fetcher,
      OffsetSearch search,
      ShareSessions sessions,
      Environment environment) {
    ShareReading reading = new ShareReading(catalog, groups, fetcher, search, environment);
    Acknowledging acknowledging = new Acknowledging(catalog, groups, environment);
    LockTimes lockTimes = new LockTimes();
    return List.of(
        new ShareFetchHandler(reading, sessions, acknowledging, lockTimes),
        new ShareAcknowledgeHandler(sessions, acknowledging, lockTimes));
  }
}
