package io.weft.agent.api.share;

import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.fetch.LogFetcher;
import io.weft.agent.fetch.OffsetSearch;
import io.weft.controlplane.api.ShareGroups;
import io.weft.environment.Environment;

/// What a round of a share fetch is made with.
record ShareReading(
    LiveCatalog catalog,
    ShareGroups groups,
    LogFetcher fetcher,
    OffsetSearch search,
    Environment environment) {}
