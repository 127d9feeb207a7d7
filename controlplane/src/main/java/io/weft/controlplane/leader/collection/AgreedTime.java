package io.weft.controlplane.leader.collection;

import io.weft.model.AgentId;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/// What time it is, as far as the clocks of several processes agree. Owned by the leader thread.
///
/// It is the lower median of this leader's clock and those that agents have told lately: with two
/// clocks the earlier one, with three the middle one. So it is ahead only if more than half of the
/// clocks are, and one clock that is wrong, whichever it is, lets no record expire early. As long
/// as no agent has told its clock, the time is not known.
final class AgreedTime {
  /// How long a clock counts after it was told.
  static final long VALID_MS = 120_000;

  private final Map<AgentId, Told> told = new HashMap<>();

  /// @param seenMs monotonic
  private record Told(long wallMs, long seenMs) {}

  /// @param nowMs monotonic
  void told(AgentId agent, long wallMs, long nowMs) {
    told.put(agent, new Told(wallMs, nowMs));
  }

  /// @param ownMs what this leader's clock says
  /// @param nowMs monotonic
  OptionalLong at(long ownMs, long nowMs) {
    told.values().removeIf(each -> nowMs - each.seenMs() > VALID_MS);
    if (told.isEmpty()) {
      return OptionalLong.empty();
    }
    LongStream others =
        told.values().stream().mapToLong(each -> each.wallMs() + nowMs - each.seenMs());
    long[] clocks = LongStream.concat(LongStream.of(ownMs), others).sorted().toArray();
    return OptionalLong.of(clocks[(clocks.length - 1) / 2]);
  }
}
