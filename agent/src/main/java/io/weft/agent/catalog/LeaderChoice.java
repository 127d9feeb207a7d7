package io.weft.agent.catalog;

import io.weft.controlplane.api.Membership.Agent;
import io.weft.model.Invariant;
import io.weft.model.PartitionId;
import java.util.List;

/// Which agent a client is sent to, by rendezvous hashing: any two agents that know the same agents
/// name the same one, and when an agent comes or goes only what it had or gets moves.
public final class LeaderChoice {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private LeaderChoice() {}

  /// The index of the agent that stands as the partition's leader.
  ///
  /// @param agents not empty
  public static int leaderIndex(PartitionId partition, List<Agent> agents) {
    long topic = partition.topic().high() ^ mix(partition.topic().low());
    return highest(mix(topic + partition.partition() * GOLDEN), agents);
  }

  /// The index of the agent for a key (a group's or a transaction's coordinator).
  ///
  /// @param agents not empty
  public static int keyIndex(String key, List<Agent> agents) {
    long hash = GOLDEN;
    for (int i = 0; i < key.length(); i++) {
      hash = mix(hash + key.charAt(i));
    }
    return highest(hash, agents);
  }

  private static int highest(long key, List<Agent> agents) {
    Invariant.check(!agents.isEmpty(), "no agents to choose from");
    int best = 0;
    long bestWeight = Long.MIN_VALUE;
    for (int i = 0; i < agents.size(); i++) {
      long weight = mix(key ^ mix(agents.get(i).id().value() + GOLDEN));
      if (i == 0 || weight > bestWeight) {
        best = i;
        bestWeight = weight;
      }
    }
    return best;
  }

  /// A finaliser with full avalanche (variant 13 of David Stafford's, "Better Bit Mixing").
  private static long mix(long value) {
    long x = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }
}
