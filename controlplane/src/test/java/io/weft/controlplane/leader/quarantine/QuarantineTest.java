package io.weft.controlplane.leader.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.api.Groups;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.Position;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.LaterCommands;
import io.weft.controlplane.command.LaterCommands.ChangedThing;
import io.weft.controlplane.command.LaterCommands.NewThing;
import io.weft.environment.Clock;
import io.weft.model.AgentId;
import io.weft.model.OpaqueBytes;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.List;
import org.junit.jupiter.api.Test;

final class QuarantineTest {
  /// By the journal.
  private static final long BEGAN_MS = 1_700_000_000_000L;

  private static final long MINUTE_MS = 60_000;

  private long nowMs;

  private final Quarantine quarantine =
      new Quarantine(
          new Clock() {
            @Override
            public long wallMs() {
              return 0;
            }

            @Override
            public long nanos() {
              return nowMs * 1_000_000;
            }
          });

  @Test
  void holdsTheSameCommandAndNoOther() {
    quarantine.add(suspect(describing("a")), BEGAN_MS + nowMs);
    assertThat(quarantine.holds(describing("a"))).isTrue();
    assertThat(quarantine.holds(describing("b"))).isFalse();
    assertThat(quarantine.holds(Command.of(TopicCatalog.class, it -> it.page(Position.NOWHERE))))
        .isFalse();
  }

  /// The command is deadly, not the client that asked it.
  @Test
  void holdsTheSameRequestToTheCoordinatorWhoeverAsks() {
    quarantine.add(suspect(asking("mallory", 68, 1)), BEGAN_MS + nowMs);
    assertThat(quarantine.holds(asking("trent", 68, 1))).isTrue();
    assertThat(quarantine.holds(asking("mallory", 68, 2))).isFalse();
    assertThat(quarantine.holds(asking("mallory", 69, 1))).isFalse();
  }

  /// A client sends its batches again, perhaps to another agent, and they get into another file.
  @Test
  void holdsTheSameBatchesInWhateverFileTheyCome() {
    UploadedBatches one = batches(1, 7, 40, 1_000);
    UploadedBatches two = batches(2, 7, 50, 1_000);
    UploadedFile together = new UploadedFile(5, 260, 32, List.of(one, two));
    quarantine.add(
        suspect(Command.of(Sequencer.class, it -> it.commit(new AgentId(3), 4, List.of(together)))),
        BEGAN_MS);

    UploadedFile other = new UploadedFile(9_000, 900, 40, List.of(two, one));
    assertThat(holdsCommit(other)).isTrue();
    UploadedFile first = new UploadedFile(9_001, 130, 32, List.of(one));
    UploadedFile second = new UploadedFile(9_002, 130, 32, List.of(two));
    assertThat(holdsCommit(first, second)).isTrue();

    assertThat(holdsCommit(first)).isFalse();
    UploadedBatches next = batches(2, 7, 60, 1_000);
    assertThat(holdsCommit(new UploadedFile(5, 260, 32, List.of(one, next)))).isFalse();
    UploadedBatches elsewhere = batches(3, 7, 50, 1_000);
    assertThat(holdsCommit(new UploadedFile(5, 260, 32, List.of(one, elsewhere)))).isFalse();
  }

  /// Of batches without a sequence many look alike: they are not the suspect.
  @Test
  void holdsNoLaterBatchOfEqualLength() {
    UploadedFile file = new UploadedFile(5, 130, 32, List.of(batches(1, -1, -1, 1_000)));
    quarantine.add(
        suspect(Command.of(Sequencer.class, it -> it.commit(new AgentId(3), 4, List.of(file)))),
        BEGAN_MS);
    assertThat(holdsCommit(new UploadedFile(6, 130, 32, List.of(batches(1, -1, -1, 1_000)))))
        .isTrue();
    assertThat(holdsCommit(new UploadedFile(6, 130, 32, List.of(batches(1, -1, -1, 1_001)))))
        .isFalse();
  }

  private boolean holdsCommit(UploadedFile... files) {
    return quarantine.holds(
        Command.of(Sequencer.class, it -> it.commit(new AgentId(8), 9_000, List.of(files))));
  }

  /// One batch.
  private static UploadedBatches batches(
      int partition, long producer, int sequence, long timestampMs) {
    return new UploadedBatches(
        new PartitionId(new TopicId(1, 2), partition),
        new int[] {130},
        new int[] {10},
        new long[] {timestampMs},
        new long[] {producer},
        new short[] {(short) (producer < 0 ? -1 : 0)},
        new int[] {sequence},
        new byte[] {UploadedBatches.NOT_TRANSACTIONAL});
  }

  @Test
  void letsGoAfterAnHour() {
    quarantine.add(suspect(describing("a")), BEGAN_MS + nowMs);
    nowMs = Quarantine.KEPT_MS - 1;
    assertThat(quarantine.holds(describing("a"))).isTrue();
    nowMs = Quarantine.KEPT_MS;
    assertThat(quarantine.holds(describing("a"))).isFalse();
  }

  /// A process that begins reads of suspects long past, and is not to hold them for another hour.
  @Test
  void whatTheJournalTellsOfIsAsOldAsTheJournalSays() {
    quarantine.add(suspect(describing("old")), BEGAN_MS);
    quarantine.add(suspect(describing("young")), BEGAN_MS + 50 * MINUTE_MS);
    quarantine.saw(BEGAN_MS + 59 * MINUTE_MS);
    assertThat(quarantine.holds(describing("old"))).isTrue();
    nowMs = MINUTE_MS;
    assertThat(quarantine.holds(describing("old"))).isFalse();
    assertThat(quarantine.holds(describing("young"))).isTrue();
    nowMs = 51 * MINUTE_MS;
    assertThat(quarantine.holds(describing("young"))).isFalse();
  }

  @Test
  void whatIsOlderThanAnHourByTheJournalIsNotHeld() {
    quarantine.add(suspect(describing("a")), BEGAN_MS);
    quarantine.saw(BEGAN_MS + 1_000 * MINUTE_MS);
    assertThat(quarantine.holds(describing("a"))).isFalse();
  }

  @Test
  void whatIsHeldAlreadyIsLetGoNoLater() {
    quarantine.add(suspect(describing("a")), BEGAN_MS);
    nowMs = 40 * MINUTE_MS;
    quarantine.add(suspect(describing("a")), BEGAN_MS);
    quarantine.add(suspect(describing("a")), BEGAN_MS + 40 * MINUTE_MS);
    nowMs = 60 * MINUTE_MS - 1;
    assertThat(quarantine.holds(describing("a"))).isTrue();
    nowMs = 60 * MINUTE_MS;
    assertThat(quarantine.holds(describing("a"))).isFalse();
  }

  @Test
  void whatWasLetGoAndEndsAnotherLeaderIsHeldForAnotherHour() {
    quarantine.add(suspect(describing("a")), BEGAN_MS);
    quarantine.add(suspect(describing("a")), BEGAN_MS + 70 * MINUTE_MS);
    nowMs = 59 * MINUTE_MS;
    assertThat(quarantine.holds(describing("a"))).isTrue();
  }

  @Test
  void holdsSoManyAndTheNewest() {
    for (int i = 0; i <= Quarantine.SUSPECTS_MAX; i++) {
      quarantine.add(suspect(describing("id-" + i)), BEGAN_MS + nowMs);
    }
    assertThat(quarantine.holds(describing("id-0"))).isFalse();
    assertThat(quarantine.holds(describing("id-1"))).isTrue();
    assertThat(quarantine.holds(describing("id-" + Quarantine.SUSPECTS_MAX))).isTrue();
  }

  @Test
  void whatCannotBeWrittenDownIsNoSuspect() {
    assertThat(Suspect.of(Command.of(TopicCatalog.class, it -> it.create(null)))).isEmpty();
  }

  /// What releases before this one have written of commands into the journal.
  @Test
  void suspectsInTheJournalStayTheSame() {
    TopicId topic = new TopicId(0x0102030405060708L, 0x090A0B0C0D0E0F10L);
    UploadedBatches plain =
        new UploadedBatches(
            new PartitionId(topic, 300),
            new int[] {80},
            new int[] {1},
            new long[] {-1},
            new long[] {-1},
            new short[] {-1},
            new int[] {-1},
            new byte[] {0});
    UploadedBatches idempotent =
        new UploadedBatches(
            new PartitionId(topic, 0),
            new int[] {500, 700},
            new int[] {5, 7},
            new long[] {1_700_000, 1_700_010},
            new long[] {2_000, 2_000},
            new short[] {1, 1},
            new int[] {0, 5},
            new byte[] {0, 0});
    List<UploadedFile> files =
        List.of(
            new UploadedFile(77, 1_400, 16, List.of(idempotent, plain)),
            new UploadedFile(78, 120, 16, List.of(plain)));
    GroupRequest request =
        new GroupRequest(
            (short) 12,
            (short) 4,
            new GroupRequest.Client("client", "10.0.0.7", "User:anna"),
            30_000,
            OpaqueBytes.of(new byte[] {1, -2, 3}));

    assertThat(suspect(Command.of(Sequencer.class, it -> it.commit(new AgentId(3), 70, files))))
        .hasToString("Commit aa5b91db25345d109bd685481581364b");
    assertThat(suspect(Command.of(TopicCatalog.class, it -> it.delete(topic))))
        .hasToString("DeleteTopic 469f1722dd7809ac475d9ba469fd96e7");
    assertThat(suspect(Command.of(Groups.class, it -> it.coordinate(request))))
        .hasToString("AskGroups 12 6bd69ac2b466d5710bead3847b840ae1");
  }

  private static Suspect suspect(Command<?> command) {
    return Suspect.of(command).orElseThrow();
  }

  private static Command<?> describing(String id) {
    return Command.of(Transactions.class, it -> it.describe(List.of(id)));
  }

  private static Command<?> asking(String client, int api, int body) {
    return Command.of(
        Groups.class,
        it ->
            it.coordinate(
                new GroupRequest(
                    (short) api,
                    (short) 1,
                    new GroupRequest.Client(client, "1.2.3.4", "User:" + client),
                    1_000,
                    OpaqueBytes.of(new byte[] {(byte) body}))));
  }

  @Test
  void aCommandThatSaysWhatALaterLevelAddedIsKnownAgain() {
    assertThat(Suspect.of(LaterCommands.take(new NewThing(1)))).isPresent();
    assertThat(suspect(LaterCommands.take(new ChangedThing(1, 2))))
        .isEqualTo(suspect(LaterCommands.take(new ChangedThing(1, 2))))
        .isNotEqualTo(suspect(LaterCommands.take(new ChangedThing(1, 3))));
  }
}
