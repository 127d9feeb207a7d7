package io.weft.simulation.cluster;

import io.weft.agent.assembly.AgentSettings;
import io.weft.agent.membership.AgentPlace;
import io.weft.controlplane.api.Membership.Profile;
import io.weft.model.Zone;

/// How agents are built and set.
///
/// @param tiers whether fresh files go to a store of their own
public record AgentBuild(Build build, AgentSettings settings, boolean tiers) {
  /// The same in a zone.
  AgentBuild in(Zone zone) {
    return new AgentBuild(
        build,
        new AgentSettings(
            new AgentPlace(zone, Profile.STANDARD),
            settings.produce(),
            settings.cache(),
            settings.fetch(),
            settings.sessions(),
            settings.shareSessionsMax(),
            settings.api(),
            settings.compaction(),
            settings.cleaning()),
        tiers);
  }
}
