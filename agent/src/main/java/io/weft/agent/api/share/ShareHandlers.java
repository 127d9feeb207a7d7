package io.weft.agent.api.share;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.share.ShareFetcher;
import io.weft.controlplane.api.ShareGroups;
import io.weft.environment.Environment;
import java.util.List;

/// The handlers of this package.
public final class ShareHandlers {
  private ShareHandlers() {}

  public static List<ApiHandler> of(
      LiveCatalog catalog,
      ShareGroups groups,
      ShareFetcher fetcher,
      ShareSessions sessions,
      Environment environment) {
    Acknowledging acknowledging = new Acknowledging(catalog, groups, environment);
    LockTimes lockTimes = new LockTimes();
    return List.of(
        new ShareFetchHandler(catalog, fetcher, sessions, acknowledging, lockTimes, environment),
        new ShareAcknowledgeHandler(sessions, acknowledging, lockTimes));
  }
}
