package io.weft.agent.neighbour;

import java.util.concurrent.atomic.AtomicLong;

/// Counts for [NeighbourFigures]. Thread-safe.
final class NeighbourCounts {
  final AtomicLong asked = new AtomicLong();
  final AtomicLong answered = new AtomicLong();
  final AtomicLong answeredBytes = new AtomicLong();
  final AtomicLong busy = new AtomicLong();
  final AtomicLong fellBack = new AtomicLong();
  final AtomicLong hedged = new AtomicLong();
  final AtomicLong served = new AtomicLong();
  final AtomicLong servedBytes = new AtomicLong();
  final AtomicLong turnedAway = new AtomicLong();

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
        members);
  }
}
