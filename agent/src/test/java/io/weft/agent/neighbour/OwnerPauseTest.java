package io.weft.agent.neighbour;

import static io.weft.agent.neighbour.TestZone.checkValue;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.cache.HeldLeases;
import io.weft.agent.neighbour.TestLink.Manner;
import io.weft.agent.neighbour.TestZone.Member;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// How long an owner is not asked after it has given nothing. The clock stands still but for where
/// a test moves it.
class OwnerPauseTest {
  private static final int FILES = 120;

  private final TestZone zone = new TestZone(3);

  @AfterEach
  void allIsReleased() {
    zone.members.forEach(member -> HeldLeases.awaitNone(member.own));
  }

  /// Files that one agent owns and would fall to another.
  private Iterator<Long> filesOf(Member owner, Member next) {
    List<Long> files = new ArrayList<>();
    for (long fileId = 1; fileId <= FILES; fileId++) {
      zone.put(fileId);
      if (zone.ranked(fileId).subList(0, 2).equals(List.of(owner, next))) {
        files.add(fileId);
      }
    }
    return files.iterator();
  }

  private int callsFor(Member reader, long fileId) {
    int before = zone.link.calls.get();
    checkValue(reader.read(fileId), zone.files.get(fileId));
    return zone.link.calls.get() - before;
  }

  @Test
  void anOwnerThatIsSlowOnceIsAskedForTheNextFile() {
    Member owner = zone.members.get(0);
    Member reader = zone.members.get(1);
    Iterator<Long> files = filesOf(owner, reader);
    zone.link.set(owner.address, Manner.SLOW);
    assertThat(callsFor(reader, files.next())).isEqualTo(1);
    zone.link.mend(owner.address);

    assertThat(callsFor(reader, files.next())).isEqualTo(1);
    assertThat(reader.figures().answered()).isEqualTo(1);
  }

  /// Its own way to the store may be what hangs.
  @Test
  void anOwnerThatOnlySaysThatItReadsIsNotWaitedForEachTime() {
    Member owner = zone.members.get(0);
    Member reader = zone.members.get(1);
    Iterator<Long> files = filesOf(owner, reader);
    zone.link.set(owner.address, Manner.SLOW);
    List<Integer> calls = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      calls.add(callsFor(reader, files.next()));
    }
    assertThat(calls).containsExactly(1, 1, 1, 0, 0);
  }

  /// Each call of two seconds begins before the one before it has ended.
  @Test
  void slowCallsThatOverlapAreSlowCallsAllTheSame() {
    NeighbourLine.SlowCalls slow = new NeighbourLine.SlowCalls();
    List<Boolean> tooMany = new ArrayList<>();
    for (long askedMs : new long[] {0, 500, 2_000, 2_500, 4_000}) {
      tooMany.add(slow.add(askedMs, askedMs + 2_000));
    }
    assertThat(tooMany).containsExactly(false, false, false, false, true);
  }

  /// An agent that has just begun answers its first questions slowly.
  @Test
  void aStumbleCostsLittleAndStumblesInARowCostMore() {
    Member owner = zone.members.get(0);
    Member reader = zone.members.get(1);
    Iterator<Long> files = filesOf(owner, reader);
    zone.link.set(owner.address, Manner.DEAD);
    long first = NeighbourSettings.STANDARD.avoidMs() / 10;
    List<Integer> calls = new ArrayList<>();
    for (long waitMs : new long[] {0, 0, first, first, first, 4 * first, 8 * first, 0}) {
      zone.time.advanceMs(waitMs);
      calls.add(callsFor(reader, files.next()));
    }
    assertThat(calls).containsExactly(1, 0, 1, 0, 1, 1, 1, 0);

    zone.time.advanceMs(NeighbourSettings.STANDARD.avoidMs());
    zone.link.mend(owner.address);
    reader.read(files.next());
    zone.link.set(owner.address, Manner.DEAD);
    reader.read(files.next());
    zone.time.advanceMs(first);
    assertThat(callsFor(reader, files.next())).isEqualTo(1);
  }
}
