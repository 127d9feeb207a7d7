package io.weft.agent.neighbour;

import java.util.concurrent.atomic.AtomicLong;

/// What this agent and its neighbours have done for each other since it started.
///
/// @param asked ranges that were asked of neighbours
/// @param answered of these, those that came
/// @param answeredBytes of them
/// @param busy those that the owner was too busy for
/// @param fellBack reads that went to the store, or would have, since no neighbour answered them
/// @param hedged reads that went to the store as well, since the owner was slow
/// @param served ranges that were sent to neighbours
/// @param servedBytes of them
/// @param turnedAway requests of neighbours that were refused at once
/// @param refused requests without a signature that is valid here and now
/// @param members agents of the zone that share what they have; this one among them
public record NeighbourFigures(
    long asked,
    long answered,
    long answeredBytes,
    long busy,
    long fellBack,
    long hedged,
    long served,
    long servedBytes,
    long turnedAway,
    long refused,
    int members) {
  public static final NeighbourFigures NONE = new NeighbourFigures(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /// Counts for these figures. Thread-safe.
  static final class Counts {
    final AtomicLong asked = new AtomicLong();
    final AtomicLong answered = new AtomicLong();
    final AtomicLong answeredBytes = new AtomicLong();
    final AtomicLong busy = new AtomicLong();
    final AtomicLong fellBack = new AtomicLong();
    final AtomicLong hedged = new AtomicLong();
    final AtomicLong served = new AtomicLong();
    final AtomicLong servedBytes = new AtomicLong();
    final AtomicLong turnedAway = new AtomicLong();
    final AtomicLong refused = new AtomicLong();

    NeighbourFigures read(int members) {
      return new NeighbourFigures(
          asked.get(),
          answered.get(),
          answeredBytes.get(),
          busy.get(),
          fellBack.get(),
          hedged.get(),
          served.get(),
          servedBytes.get(),
          turnedAway.get(),
          refused.get(),
          members);
    }
  }
}
