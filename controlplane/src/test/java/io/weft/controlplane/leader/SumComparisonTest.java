package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.journal.JournalEntry;
import io.weft.controlplane.journal.JournalException;
import io.weft.controlplane.journal.JournalTip;
import io.weft.controlplane.leader.conservation.SumComparisons;
import io.weft.controlplane.leader.conservation.SumStatements;
import io.weft.controlplane.leader.conservation.SumsFigures;
import io.weft.controlplane.state.StateRecordCodec;
import io.weft.controlplane.state.log.LogRecord.SumsStated;
import io.weft.model.PartitionId;
import io.weft.simulated.SimulatedWorld;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Those that follow a leader compare their logs with its.
final class SumComparisonTest {
  private static final long SEED = 1;
  private static final PartitionId PARTITION = new PartitionId(Seats.topic("t", 2).id(), 0);

  private static void commit(Committing agent, int count) {
    for (int i = 0; i < count; i++) {
      UploadedFile file = Committing.file(agent.nextFileId(), PARTITION, 1 + i % 3);
      UploadedBatches run = file.partitions().getFirst().withChecksums(new int[] {i * 77});
      agent.commit(
          new UploadedFile(file.fileId(), file.bytes(), file.firstPosition(), List.of(run)));
    }
  }

  @Test
  void whoFollowsComparesEverySoManyEntries() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat first = seats.leading("one");
          Seats.Seat second = seats.open("two");
          Seats.create(first.port(), "t");
          commit(Committing.register(first.port(), 1), 3 * SumStatements.EVERY_ENTRIES);
          world.sleepMs(2_000);

          assertThat(first.port().sums()).isEqualTo(new SumComparisons.Reading(0, false));
          assertThat(second.port().sums()).isEqualTo(new SumComparisons.Reading(3, false));
          assertThat(first.port().figures().sums())
              .isEqualTo(new SumsFigures(3 * SumStatements.EVERY_ENTRIES, 0, 0));
          first.port().close();
          second.port().awaitLeading(Seats.TAKE_OVER_MS);
          commit(Committing.register(second.port(), 2), 10);
          second.port().close();
          Seats.Seat third = seats.leading("three");
          assertThat(third.port().sums()).isEqualTo(new SumComparisons.Reading(3, false));
        });
  }

  /// A statement is part of an entry that is written anyway.
  @Test
  void comparingCostsNoEntry() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat first = seats.leading("one");
          int before = seats.entries();
          int count = 2 * SumStatements.EVERY_ENTRIES;
          for (int i = 0; i < count; i++) {
            Seats.write(first.port());
          }

          assertThat(seats.entries()).isEqualTo(before + count);
        });
  }

  /// Before its level is final, there are no bytes for a statement.
  @Test
  void aClusterOfTheFirstLevelComparesNothing() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).foundedBefore();
          Seats.Seat first = seats.leading("one");
          Seats.create(first.port(), "t");
          commit(Committing.register(first.port(), 1), 2 * SumStatements.EVERY_ENTRIES);
          first.port().close();
          Seats.Seat second = seats.leading("two");

          assertThat(second.port().sums()).isEqualTo(new SumComparisons.Reading(0, false));
          world.sleepMs(2_000);
          assertThat(second.port().figures().sums().unsummed())
              .isEqualTo(2 * SumStatements.EVERY_ENTRIES);
        });
  }

  @Test
  void whoseLogsDifferFromTheLeadersDoesNotLead() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat first = seats.leading("one");
          Seats.create(first.port(), "t");
          commit(Committing.register(first.port(), 1), 10);
          first.port().close();
          long entry = stateAnother(seats);
          Seats.Seat second = seats.open("two");

          assertThatThrownBy(() -> second.port().awaitLeading(Seats.TAKE_OVER_MS))
              .isInstanceOf(ControlPlaneException.Unavailable.class)
              .hasMessageContaining(
                  "this process's state is not the leader's: after journal entry %d the logs differ"
                      .formatted(entry))
              .hasMessageContaining("here 10 extents (0 without a sum)")
              .hasMessageContaining("there 9 extents (0 without a sum), live 0000000000000001");
          assertThat(second.port().sums()).isEqualTo(new SumComparisons.Reading(1, true));
          assertThat(second.port().whyUnled()).isPresent();
          assertThat(world.takeFailures())
              .singleElement()
              .isInstanceOf(JournalException.Diverged.class);
        });
  }

  /// It begins again from the snapshots first: what was wrong may have been in its memory.
  @Test
  void whoFollowsStopsWhereItDiffersTwice() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat first = seats.leading("one");
          Seats.Seat second = seats.open("two");
          Seats.create(first.port(), "t");
          commit(Committing.register(first.port(), 1), 10);
          world.sleepMs(1_000);
          first.link().cut();
          stateAnother(seats);
          world.sleepMs(10_000);

          assertThat(second.port().leads()).isFalse();
          assertThat(second.port().sums()).isEqualTo(new SumComparisons.Reading(2, true));
          assertThat(world.takeFailures())
              .singleElement()
              .isInstanceOf(JournalException.Diverged.class);
          first.port().close();
        });
  }

  /// As a leader does whose logs have lost something.
  ///
  /// @return the entry
  private static long stateAnother(Seats seats) {
    String last = seats.store.keys("journal/").getLast();
    long index = Long.parseLong(last.substring("journal/".length()));
    JournalTip tip = JournalEntry.read(index, seats.store.bytes(last)).tip();
    WireWriter body = EntryBody.records().atLevel(2);
    StateRecordCodec.write(new SumsStated(1, 0, 1, 9, 0), body);
    JournalEntry entry =
        JournalEntry.following(tip, tip.epoch(), tip.writer(), tip.timeMs(), body.toByteArray());
    seats.store.replace("journal/%020d".formatted(index + 1), entry.frame());
    return index + 1;
  }
}
