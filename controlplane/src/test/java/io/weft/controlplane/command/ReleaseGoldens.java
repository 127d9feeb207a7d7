package io.weft.controlplane.command;

import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.FileLedger.LeaseOutcome;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.api.admin.Releases.AgentLevel;
import io.weft.controlplane.api.admin.Releases.Greeting;
import io.weft.controlplane.api.file.Cleanings;
import io.weft.controlplane.api.file.Compactions;
import io.weft.controlplane.api.file.Compactions.Assignment;
import io.weft.controlplane.api.file.Compactions.Run;
import io.weft.controlplane.api.file.Compactions.Swap;
import io.weft.controlplane.api.file.Compactions.SwapOutcome;
import io.weft.controlplane.api.file.Compactions.SwappedRun;
import io.weft.controlplane.api.file.DeadFiles;
import io.weft.controlplane.api.file.FileWriters;
import io.weft.controlplane.api.file.FileWriters.WriterLease;
import io.weft.controlplane.api.topic.DeletedTopics;
import io.weft.controlplane.api.topic.DeletedTopics.DeletedTopic;
import io.weft.controlplane.api.topic.DeletedTopics.UndeleteOutcome;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.FileTier;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The questions that there are from the second level on.
final class ReleaseGoldens {
  private static final PartitionId PARTITION = new PartitionId(new TopicId(1, 2), 3);
  private static final Extent FIRST = new Extent(77, 64, 512, 900, 949, 1_700_000, -1);
  private static final Extent SECOND = new Extent(78, 164, 100, 950, 999, 1_700_001, -1);
  private static final Extent MERGED = new Extent(99, 64, 612, 900, 999, 1_700_001, -1);

  private ReleaseGoldens() {}

  /// In the order of their kinds.
  static List<Asked<?>> asked() {
    return Stream.of(ofDeletedTopics(), ofReleases(), ofMerging(), ofCleaning())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Asked<?>> ofDeletedTopics() {
    return List.of(
        new Asked<>(
            Command.of(DeletedTopics.class, it -> it.list(Optional.of(PARTITION.topic()))),
            List.of(
                new DeletedTopic(
                    PARTITION.topic(),
                    "orders",
                    3,
                    1L << 40,
                    1_700_000_000_000L,
                    1_700_086_400_000L))),
        new Asked<>(
            Command.of(DeletedTopics.class, it -> it.undelete(PARTITION.topic(), "orders")),
            UndeleteOutcome.NAME_TAKEN),
        new Asked<>(Command.of(DeletedTopics.class, it -> it.letGo(PARTITION.topic())), true));
  }

  private static List<Asked<?>> ofReleases() {
    return List.of(
        new Asked<>(
            Command.of(Releases.class, it -> it.greet(new Greeting("1.1.0", 2))),
            new Greeting("1.2.0", 3)),
        new Asked<>(
            Command.of(Releases.class, Releases::describe),
            new Releases.Status(
                1,
                2,
                List.of(new AgentLevel(new AgentId(3), 2), new AgentLevel(new AgentId(4), 0)))),
        new Asked<>(
            Command.of(
                Releases.class,
                it -> {
                  it.finish(2);
                  return true;
                }),
            true),
        new Asked<>(
            Command.of(FileWriters.class, it -> it.writersFrom(1_000)),
            List.of(new WriterLease(900, 200, new AgentId(3)))),
        new Asked<>(
            Command.of(FileLedger.class, it -> it.leaseLowLatency(new AgentId(3), 200)),
            new LeaseOutcome.Leased(FileTier.LOW_LATENCY.id(1_000), 200, 300_000)));
  }

  private static List<Asked<?>> ofMerging() {
    return List.of(
        new Asked<>(
            Command.of(Compactions.class, it -> it.next(new AgentId(3), 64 << 20)),
            new Assignment.Job(1_000, List.of(new Run(PARTITION, List.of(FIRST, SECOND))))),
        new Asked<>(
            Command.of(
                Compactions.class,
                it ->
                    it.swap(
                        new AgentId(3),
                        new Swap(
                            1_000,
                            99,
                            4_096,
                            List.of(
                                new SwappedRun(
                                    PARTITION,
                                    List.of(FIRST, SECOND),
                                    List.of(MERGED),
                                    List.of(0x0102_0304_0506_0708L),
                                    0))))),
            new SwapOutcome.Refused("why")),
        new Asked<>(
            Command.of(
                Compactions.class,
                it -> {
                  it.giveUp(new AgentId(3), 1_000, List.of(77L, 78L));
                  return true;
                }),
            true));
  }

  private static List<Asked<?>> ofCleaning() {
    return List.of(
        new Asked<>(
            Command.of(DeadFiles.class, it -> it.take(new AgentId(3), 1_000, 1_700_000_000_000L)),
            List.of(900L, 901L, 1L << 40)),
        new Asked<>(
            Command.of(
                DeadFiles.class,
                it -> {
                  it.deleted(new AgentId(3), List.of(900L, 901L));
                  return true;
                }),
            true));
  }

  /// In the order of their kinds.
  static List<Asked<?>> cleaning() {
    return List.of(
        new Asked<>(
            Command.of(Cleanings.class, it -> it.next(new AgentId(3))),
            new Cleanings.Assignment.Job(
                1_000, PARTITION, 40, 1L << 33, 1_700_000_000_000L, 86_400_000)),
        new Asked<>(
            Command.of(
                Cleanings.class,
                it ->
                    it.swap(
                        new AgentId(3),
                        new Swap(
                            1_000,
                            99,
                            4_096,
                            List.of(
                                new SwappedRun(
                                    PARTITION,
                                    List.of(FIRST, SECOND),
                                    List.of(MERGED),
                                    List.of(-1L),
                                    2))))),
            new SwapOutcome.Swapped()),
        new Asked<>(
            Command.of(
                Cleanings.class,
                it -> {
                  it.giveUp(new AgentId(3), 1_000, true);
                  return true;
                }),
            true));
  }
}
