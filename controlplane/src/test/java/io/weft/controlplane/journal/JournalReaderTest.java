package io.weft.controlplane.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.environment.Environment;
import io.weft.simulated.SimulatedStore;
import io.weft.simulated.SimulatedWorld;
import io.weft.simulated.StoreLink;
import io.weft.storage.object.FaultRates;
import io.weft.storage.object.FaultyObjectStore;
import io.weft.storage.object.ObjectOperation;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.StoreFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class JournalReaderTest {
  private static final int READ_AHEAD_MAX = 16;

  private final SimulatedStore store = new SimulatedStore();

  @Test
  void readsAllInOrderAndFasterThanOneByOne() {
    SimulatedWorld.run(
        2,
        world -> {
          fill(500);
          StoreLink link = new StoreLink(store, world.environment()).latencyMaxMs(100);
          List<Long> read = readAll(world, link);
          assertThat(read).hasSize(500).isSorted().startsWith(1L).endsWith(500L);
          assertThat(world.nowMs()).isLessThan(500 * 50 / 4);
        });
  }

  @Test
  void stopsBeforeTheFirstThatIsMissing() {
    SimulatedWorld.run(
        2,
        world -> {
          fill(40);
          store.remove("journal/%020d".formatted(30));
          assertThat(readAll(world, new StoreLink(store, world.environment())))
              .hasSize(29)
              .endsWith(29L);
        });
  }

  @Test
  void neverSkipsADamagedOne() {
    SimulatedWorld.run(
        2,
        world -> {
          fill(40);
          store.damage("journal/%020d".formatted(30));
          assertThatThrownBy(() -> readAll(world, new StoreLink(store, world.environment())))
              .isInstanceOf(JournalException.Damaged.class)
              .hasMessageContaining("entry 30");
        });
  }

  @Test
  void readsAgainWhatWasDamagedOnItsWay() {
    SimulatedWorld.run(
        2,
        world -> {
          fill(40);
          FaultyObjectStore faulty =
              new FaultyObjectStore(store, FaultRates.NONE, world.environment());
          faulty.plan(ObjectOperation.READ_ALL, StoreFault.FLIPPED_BIT, StoreFault.FLIPPED_BIT);
          assertThat(readAll(world, faulty)).hasSize(40);
          assertThat(faulty.played(StoreFault.FLIPPED_BIT)).isEqualTo(2);
        });
  }

  /// Where a bug ends no process, it must at least end the reading.
  @Test
  void aBugInReadingAheadIsNotWaitedFor() {
    fill(8);
    Journal real = new ObjectJournal(store);
    JournalReader reader =
        new JournalReader(new Failing(real, 4), Environment.system(), READ_AHEAD_MAX);
    assertThat(reader.readFrom(1)).hasSize(1);
    assertThat(reader.readFrom(2)).hasSize(2);
    assertThatThrownBy(() -> reader.readFrom(4))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("a bug");
  }

  /// Reads an entry never, for a reason that is no outage.
  private record Failing(Journal journal, long index) implements Journal {
    @Override
    public AppendOutcome append(long next, byte[] entry) {
      return journal.append(next, entry);
    }

    @Override
    public Optional<byte[]> read(long asked) {
      if (asked == index) {
        throw new IllegalStateException("a bug");
      }
      return journal.read(asked);
    }

    @Override
    public OptionalLong firstFrom(long from) {
      return journal.firstFrom(from);
    }

    @Override
    public void truncateBefore(long before) {
      journal.truncateBefore(before);
    }
  }

  private static List<Long> readAll(SimulatedWorld world, ObjectStore link) {
    JournalReader reader =
        new JournalReader(new ObjectJournal(link), world.environment(), READ_AHEAD_MAX);
    List<Long> read = new ArrayList<>();
    while (true) {
      List<JournalEntry> entries = reader.readFrom(read.size() + 1L);
      if (entries.isEmpty()) {
        return read;
      }
      assertThat(entries).hasSizeLessThanOrEqualTo(READ_AHEAD_MAX);
      entries.forEach(entry -> read.add(entry.tip().index()));
    }
  }

  private void fill(int count) {
    Journal journal = new ObjectJournal(store);
    JournalTip tip = JournalTip.START;
    for (int i = 0; i < count; i++) {
      JournalEntry entry = JournalEntry.following(tip, 1, 9, 5, new byte[] {1});
      journal.append(entry.tip().index(), entry.frame());
      tip = entry.tip();
    }
  }
}
