package io.weft.agent.neighbour.seal;

import io.weft.controlplane.api.Membership.NeighbourKey;
import io.weft.environment.Clock;
import io.weft.model.AgentId;
import io.weft.model.OpaqueBytes;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Seals of agents that have the same keys, unless it is said which.
public final class TestSeals {
  private TestSeals() {}

  public static RequestSeal of(int agent, Clock clock) {
    return of(agent, clock, keys(1));
  }

  static RequestSeal of(int agent, Clock clock, List<NeighbourKey> keys) {
    return new RequestSeal(() -> Optional.of(new AgentId(agent)), () -> keys, clock);
  }

  /// The keys of these numbers, the oldest first.
  static List<NeighbourKey> keys(int... numbers) {
    return IntStream.of(numbers)
        .mapToObj(each -> new NeighbourKey(each, OpaqueBytes.of(new byte[] {(byte) each, 7})))
        .toList();
  }
}
