package io.weft.controlplane.leader.quarantine;

import io.weft.controlplane.command.Command;
import io.weft.environment.Clock;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/// The commands that a seat does not take, since they have ended a leader: this one or another one.
/// Owned by the seat's thread.
///
/// Each is kept for an hour of this process's time: askers ask again for minutes at most, and what
/// was wrong may be mended by another release meanwhile. Beyond so many, the oldest are let go.
public final class Quarantine {
  public static final int SUSPECTS_MAX = 256;
  public static final long KEPT_MS = 3_600_000;

  private final SequencedMap<Suspect, Long> sinceMs = new LinkedHashMap<>();
  private final Clock clock;

  public Quarantine(Clock clock) {
    this.clock = clock;
  }

  public void add(Suspect suspect) {
    sinceMs.remove(suspect);
    sinceMs.put(suspect, clock.monotonicMs());
    if (sinceMs.size() > SUSPECTS_MAX) {
      sinceMs.pollFirstEntry();
    }
  }

  public boolean holds(Command<?> command) {
    if (sinceMs.isEmpty()) {
      return false;
    }
    long nowMs = clock.monotonicMs();
    while (!sinceMs.isEmpty() && nowMs - sinceMs.firstEntry().getValue() >= KEPT_MS) {
      sinceMs.pollFirstEntry();
    }
    String kind = Suspect.kind(command);
    if (sinceMs.keySet().stream().noneMatch(each -> each.kind().equals(kind))) {
      return false;
    }
    Optional<Suspect> suspect = Suspect.of(command);
    return suspect.isPresent() && sinceMs.containsKey(suspect.get());
  }
}
