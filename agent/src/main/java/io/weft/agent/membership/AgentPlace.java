package io.weft.agent.membership;

import io.weft.controlplane.api.Membership.Profile;
import io.weft.model.Zone;

/// Where an agent stands among the others, as it says at its registration.
public record AgentPlace(Zone zone, Profile profile) {
  /// Of an agent where there is only one zone, and each does everything.
  public static final AgentPlace ANYWHERE = new AgentPlace(Zone.NONE, Profile.STANDARD);
}
