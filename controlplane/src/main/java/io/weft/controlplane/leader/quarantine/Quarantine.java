package io.weft.controlplane.leader.quarantine;

import io.weft.controlplane.command.Command;
import io.weft.environment.Clock;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;

/// The commands that a seat does not take, since they have ended a leader: this one or another one.
/// Owned by the seat's thread.
///
/// Each is kept for an hour since it ended a leader: callers repeat a call for minutes at most, and
/// what was wrong may be mended by another release meanwhile. That hour is the journal's where it
/// tells of more time than this process has seen: one that begins reads of suspects long past.
/// Beyond so many, those that came first are let go.
public final class Quarantine {
  public static final int SUSPECTS_MAX = 256;
  public static final long KEPT_MS = 3_600_000;

  private final SequencedMap<Suspect, Since> since = new LinkedHashMap<>();
  private final Clock clock;
  private long journalMs;

  /// When a leader ended.
  ///
  /// @param journalMs by the journal
  /// @param monotonicMs by this process's clock, perhaps before the process began
  private record Since(long journalMs, long monotonicMs) {
    Since atMost(long otherMs) {
      return new Since(journalMs, Math.min(monotonicMs, otherMs));
    }
  }

  public Quarantine(Clock clock) {
    this.clock = clock;
  }

  /// A leader was ended by it. One that is held already is let go no later for that.
  ///
  /// @param endedMs when, by the journal
  public void add(Suspect suspect, long endedMs) {
    saw(endedMs);
    letGo();
    if (since.putIfAbsent(suspect, new Since(endedMs, monotonicMs(endedMs))) == null
        && since.size() > SUSPECTS_MAX) {
      since.pollFirstEntry();
    }
  }

  /// The journal has come to this time.
  public void saw(long timeMs) {
    if (timeMs > journalMs) {
      journalMs = timeMs;
      since.replaceAll((_, each) -> each.atMost(monotonicMs(each.journalMs())));
    }
  }

  public boolean holds(Command<?> command) {
    if (since.isEmpty()) {
      return false;
    }
    letGo();
    String kind = Suspect.kind(command);
    if (since.keySet().stream().noneMatch(each -> each.kind().equals(kind))) {
      return false;
    }
    Optional<Suspect> suspect = Suspect.of(command);
    return suspect.isPresent() && since.containsKey(suspect.get());
  }

  private void letGo() {
    long nowMs = clock.monotonicMs();
    since.values().removeIf(each -> nowMs - each.monotonicMs() >= KEPT_MS);
  }

  /// When the journal had this time, if the time it has come to is now.
  private long monotonicMs(long timeMs) {
    long agoMs = Math.clamp(journalMs - timeMs, 0, KEPT_MS);
    return clock.monotonicMs() - agoMs;
  }
}
