package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.journal.Snapshot;
import io.weft.controlplane.journal.Snapshots;
import io.weft.controlplane.leader.inspect.JournalCheck;
import io.weft.controlplane.leader.inspect.JournalReport;
import io.weft.controlplane.leader.inspect.JournalReport.Verdict;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.StateSnapshot;
import io.weft.model.PartitionId;
import io.weft.simulated.SimulatedWorld;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Journals whose snapshots an earlier release wrote, which say nothing of deleted topics.
final class JournalCheckAfterUpgradeTest {
  private static final long SEED = 37;
  private static final int EVERY = 20;
  private static final PartitionId P0 = new PartitionId(Seats.topic("t", 2).id(), 0);

  @Test
  void snapshotsOfVersionTwoAroundADeletionAreSound() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).foundedBefore().snapshotEvery(EVERY);
          List<Long> snapshots = deleteBetweenSnapshots(seats);
          for (long index : snapshots) {
            makeVersionTwo(seats, index);
          }

          JournalReport report = JournalCheck.run(seats.store, world.environment());

          assertThat(report.lines()).contains("The journal is sound.");
          assertThat(report.verdict()).isEqualTo(Verdict.SOUND);
        });
  }

  /// Its leader began with the older one, or with the newer one: it may know less or more.
  @Test
  void aSnapshotThatAnUpgradedLeaderWroteIsSoundToo() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).foundedBefore().snapshotEvery(EVERY);
          List<Long> snapshots = deleteBetweenSnapshots(seats);
          makeVersionTwo(seats, snapshots.getFirst());

          assertThat(JournalCheck.run(seats.store, world.environment()).verdict())
              .isEqualTo(Verdict.SOUND);
        });
  }

  @Test
  void anotherStateIsStillNoticed() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world).foundedBefore().snapshotEvery(EVERY);
          List<Long> snapshots = deleteBetweenSnapshots(seats);
          makeVersionTwo(seats, snapshots.getFirst());
          Snapshots stored = new Snapshots(seats.store);
          Snapshot newest = stored.read(snapshots.getLast()).orElseThrow();
          ControlPlaneState without = new ControlPlaneState();
          without.found("another", 1);
          WireWriter out = Snapshots.writer();
          StateSnapshot.write(without, out);
          stored.remove(snapshots.getLast());
          stored.write(newest.tip(), out);

          JournalReport report = JournalCheck.run(seats.store, world.environment());

          assertThat(report.faults().getFirst().what())
              .contains("holds another state than the journal gives");
        });
  }

  /// @return the entries after which there is a snapshot, in order
  private static List<Long> deleteBetweenSnapshots(Seats seats) throws InterruptedException {
    Seats.Seat seat = seats.leading("one");
    Seats.create(seat.port(), "t");
    Committing agent = Committing.register(seat.port(), 1);
    long fileId = agent.nextFileId();
    agent.commit(idempotent(fileId, Seats.write(seat.port()).first()));
    fill(seats, seat, 1);
    seat.port().as(TopicCatalog.class).delete(P0.topic());
    fill(seats, seat, 2);
    seat.port().close();
    List<Long> snapshots = new Snapshots(seats.store).indexes().reversed();
    assertThat(snapshots).hasSize(2);
    return snapshots;
  }

  /// Until there are so many snapshots.
  private static void fill(Seats seats, Seats.Seat seat, int snapshots)
      throws InterruptedException {
    while (seats.store.keys("snapshots/").size() < snapshots) {
      Seats.write(seat.port());
      seats.world.sleepMs(10);
    }
  }

  private static UploadedFile idempotent(long fileId, long producerId) {
    return new UploadedFile(
        fileId,
        1_000,
        32,
        List.of(
            new UploadedBatches(
                P0,
                new int[] {100},
                new int[] {1},
                new long[] {-1},
                new long[] {producerId},
                new short[] {0},
                new int[] {0},
                new byte[] {0})));
  }

  private static void makeVersionTwo(Seats seats, long index) {
    Snapshots stored = new Snapshots(seats.store);
    Snapshot snapshot = stored.read(index).orElseThrow();
    ControlPlaneState held = StateSnapshot.read(snapshot.state());
    WireWriter three = new WireWriter();
    StateSnapshot.write(held, three);
    WireWriter out = Snapshots.writer();
    for (byte each : withoutFormer(three.toByteArray())) {
      out.writeByte(each);
    }
    stored.remove(index);
    stored.write(snapshot.tip(), out);
    ControlPlaneState read = StateSnapshot.read(stored.read(index).orElseThrow().state());
    assertThat(read.logs().former().isComplete()).isFalse();
  }

  /// What deleted topics knew stands last: as much is left out as leaves a whole state.
  private static byte[] withoutFormer(byte[] three) {
    for (int length = three.length - 1; length > 0; length--) {
      byte[] two = Arrays.copyOf(three, length);
      two[0] = 2;
      try {
        WireReader in = new WireReader(two);
        StateSnapshot.read(in);
        in.finish();
        return two;
      } catch (MalformedBytesException e) {
        // It is shorter, or longer.
      }
    }
    throw new AssertionError("no state of version 2");
  }
}
