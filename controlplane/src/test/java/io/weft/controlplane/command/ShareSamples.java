package io.weft.controlplane.command;

import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.ShareGroups;
import io.weft.controlplane.api.ShareGroups.AcknowledgeOrder;
import io.weft.controlplane.api.ShareGroups.AcknowledgeOutcome;
import io.weft.controlplane.api.ShareGroups.AcknowledgedPartition;
import io.weft.controlplane.api.ShareGroups.AcknowledgedRun;
import io.weft.controlplane.api.ShareGroups.Acknowledgement;
import io.weft.controlplane.api.ShareGroups.AcquireOrder;
import io.weft.controlplane.api.ShareGroups.Acquired;
import io.weft.controlplane.api.ShareGroups.AcquiredRun;
import io.weft.controlplane.api.ShareGroups.Acquisition;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/// Questions about share groups with replies, by chance.
final class ShareSamples {
  private final Random random;

  ShareSamples(Random random) {
    this.random = random;
  }

  Asked<?> next(int kind) {
    return switch (kind) {
      case 0 -> acquire();
      case 1 -> acknowledge();
      case 2 ->
          new Asked<>(
              Command.of(
                  ShareGroups.class, it -> it.release(text(), text(), some(5, this::partition))),
              random.nextBoolean());
      case 3 ->
          new Asked<>(
              Command.of(
                  ShareGroups.class,
                  it ->
                      it.begin(
                          text(),
                          some(5, this::partition),
                          random.nextBoolean() ? Optional.empty() : Optional.of(offset()))),
              random.nextBoolean());
      case 4 ->
          new Asked<>(
              Command.of(ShareGroups.class, it -> it.startAt(text(), partition(), offset())),
              random.nextBoolean());
      default -> throw new IllegalArgumentException("kind " + kind);
    };
  }

  private Asked<Acquisition> acquire() {
    List<PartitionId> partitions = some(5, this::partition);
    return new Asked<>(
        Command.of(
            ShareGroups.class,
            it ->
                it.acquire(
                    new AcquireOrder(
                        random.nextLong(),
                        text(),
                        text(),
                        partitions,
                        random.nextInt(),
                        random.nextInt(),
                        random.nextLong()))),
        new Acquisition(
            random.nextInt(),
            random.nextBoolean(),
            partitions.stream().map(_ -> acquired()).toList()));
  }

  private Acquired acquired() {
    return switch (random.nextInt(4)) {
      case 0 -> new Acquired.NeedsStart(random.nextLong());
      case 1 -> new Acquired.NotBegun();
      case 2 -> new Acquired.UnknownPartition();
      default -> {
        long start = offset();
        yield new Acquired.Runs(
            new PartitionBounds(start, start + 7, start + 3),
            random.nextBoolean(),
            some(
                4,
                () -> {
                  long first = offset();
                  return new AcquiredRun(first, first + random.nextInt(9), random.nextInt());
                }));
      }
    };
  }

  private Asked<List<AcknowledgeOutcome>> acknowledge() {
    Acknowledgement[] kinds = Acknowledgement.values();
    AcknowledgeOutcome[] outcomes = AcknowledgeOutcome.values();
    List<AcknowledgedPartition> said =
        some(
            4,
            () ->
                new AcknowledgedPartition(
                    partition(),
                    some(
                        4,
                        () -> {
                          long first = offset();
                          return new AcknowledgedRun(
                              first,
                              first + random.nextInt(9),
                              kinds[random.nextInt(kinds.length)]);
                        })));
    return new Asked<>(
        Command.of(
            ShareGroups.class,
            it -> it.acknowledge(new AcknowledgeOrder(random.nextLong(), text(), text(), said))),
        said.stream().map(_ -> outcomes[random.nextInt(outcomes.length)]).toList());
  }

  private PartitionId partition() {
    return new PartitionId(new TopicId(7, random.nextInt(2)), random.nextInt(1_000));
  }

  private long offset() {
    return random.nextLong() >>> (2 + random.nextInt(60));
  }

  private String text() {
    return "é".repeat(random.nextInt(3)) + random.nextInt(100);
  }

  private <T> List<T> some(int countBelow, Supplier<T> item) {
    List<T> items = new ArrayList<>();
    for (int i = random.nextInt(countBelow); i > 0; i--) {
      items.add(item.get());
    }
    return items;
  }
}
