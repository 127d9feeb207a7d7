package io.weft.agent.neighbour;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.environment.ManualTime;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.file.FileWriters;
import io.weft.controlplane.api.file.FileWriters.WriterLease;
import io.weft.environment.Pending;
import io.weft.model.AgentId;
import io.weft.model.FileTier;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// What an agent knows of other agents' files.
class FileWriterTableTest {
  private static final AgentId ONE = new AgentId(1);
  private static final AgentId TWO = new AgentId(2);

  private final ManualTime time = new ManualTime(9);
  private final AtomicInteger asked = new AtomicInteger();

  private FileWriterTable table(FileWriters writers) {
    return new FileWriterTable(
        fileId -> {
          asked.incrementAndGet();
          return writers.writersFrom(fileId);
        },
        time.environment());
  }

  @Test
  void theControlPlaneIsAskedOnceForEachRowOfIds() throws InterruptedException {
    List<WriterLease> leases =
        List.of(new WriterLease(101, 100, ONE), new WriterLease(201, 100, TWO));
    FileWriterTable table = table(from -> from > 300 ? List.of() : leases);
    for (long fileId = 101; fileId <= 300; fileId++) {
      assertThat(table.writerOf(fileId)).contains(fileId <= 200 ? ONE : TWO);
    }
    assertThat(asked.get()).isEqualTo(1);

    assertThat(table.writerOf(7)).isEmpty();
    assertThat(asked.get()).isEqualTo(1);
    assertThat(table.writerOf(301)).isEmpty();
    assertThat(table.writerOf(301)).isEmpty();
    assertThat(asked.get()).isEqualTo(2);
  }

  /// Agents use their rows at the same time: which one is seen first says nothing about the others.
  @Test
  void aRowThatIsSeenAfterAHigherOneIsKnown() throws InterruptedException {
    List<WriterLease> leases =
        List.of(new WriterLease(101, 100, ONE), new WriterLease(201, 100, TWO));
    FileWriterTable table =
        table(from -> leases.stream().filter(each -> each.first() + each.count() > from).toList());
    assertThat(table.writerOf(205)).contains(TWO);
    assertThat(table.writerOf(105)).contains(ONE);
    assertThat(asked.get()).isEqualTo(1);
  }

  @Test
  void aRowOfTheLowLatencyStoreDoesNotHideThoseOfTheOther() throws InterruptedException {
    long fresh = FileTier.LOW_LATENCY.id(101);
    List<WriterLease> leases = new ArrayList<>(List.of(new WriterLease(fresh, 100, ONE)));
    FileWriterTable table =
        table(from -> leases.stream().filter(each -> each.first() + each.count() > from).toList());
    assertThat(table.writerOf(fresh)).contains(ONE);
    leases.addFirst(new WriterLease(201, 100, TWO));
    assertThat(table.writerOf(205)).contains(TWO);
    assertThat(table.writerOf(206)).contains(TWO);
    assertThat(table.writerOf(fresh + 1)).contains(ONE);
    assertThat(asked.get()).isEqualTo(2);
    leases.addLast(new WriterLease(FileTier.LOW_LATENCY.id(301), 100, TWO));
    assertThat(table.writerOf(FileTier.LOW_LATENCY.id(305))).contains(TWO);
    assertThat(asked.get()).isEqualTo(3);
  }

  @Test
  void rowsThatDoNotFitInOneAnswerAreAskedForBitByBit() throws InterruptedException {
    List<WriterLease> leases = new ArrayList<>();
    for (int i = 0; i < FileWriters.LEASES_MAX + 1; i++) {
      leases.add(new WriterLease(10L * i, 10, i % 2 == 0 ? ONE : TWO));
    }
    FileWriterTable table =
        table(
            from ->
                leases.stream()
                    .filter(each -> each.first() + each.count() > from)
                    .limit(FileWriters.LEASES_MAX)
                    .toList());
    long last = leases.getLast().first();
    assertThat(table.writerOf(last)).isEmpty();
    assertThat(table.writerOf(last)).contains(ONE);
    assertThat(table.writerOf(15)).contains(TWO);
    assertThat(asked.get()).isEqualTo(2);
  }

  @Test
  void aControlPlaneThatIsAwayIsLeftAloneForAWhile() throws InterruptedException {
    FileWriterTable table =
        table(
            fileId -> {
              throw new ControlPlaneException.Unavailable("away", null);
            });
    for (long fileId = 1; fileId < 10; fileId++) {
      assertThat(table.writerOf(fileId)).isEmpty();
    }
    assertThat(asked.get()).isEqualTo(1);
    time.advanceMs(1_000);
    assertThat(table.writerOf(1)).isEmpty();
    assertThat(asked.get()).isEqualTo(2);
  }

  @Test
  void aControlPlaneThatHangsHoldsNoReader() throws InterruptedException {
    Pending<List<WriterLease>> never = new Pending<>();
    FileWriterTable table =
        table(
            fileId -> {
              try {
                return never.await();
              } catch (InterruptedException interrupted) {
                throw new ControlPlaneException.Unavailable("interrupted", interrupted);
              }
            });
    Pending<Boolean> known = new Pending<>();
    time.start(
        "reader",
        () -> {
          try {
            known.complete(table.writerOf(1).isPresent());
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
          }
        });
    time.runUntil(known::isDone);

    assertThat(known.await()).isFalse();
    never.complete(List.of());
  }
}
