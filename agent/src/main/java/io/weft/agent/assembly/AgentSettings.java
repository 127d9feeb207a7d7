package io.weft.agent.assembly;

import io.weft.agent.api.ApiSettings;
import io.weft.agent.api.fetch.SessionSettings;
import io.weft.agent.cache.CacheSettings;
import io.weft.agent.cleaning.CleaningSettings;
import io.weft.agent.compaction.CompactionSettings;
import io.weft.agent.fetch.FetchSettings;
import io.weft.agent.membership.AgentPlace;
import io.weft.agent.produce.ProduceSettings;

/// An agent's settings, cut by component.
///
/// @param shareSessionsMax sessions of share group members at once
public record AgentSettings(
    AgentPlace place,
    ProduceSettings produce,
    CacheSettings cache,
    FetchSettings fetch,
    SessionSettings sessions,
    int shareSessionsMax,
    ApiSettings api,
    CompactionSettings compaction,
    CleaningSettings cleaning) {}
