package io.weft.bench.micro;

import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.FileLedger.LeaseOutcome;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Producers;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.CommandPort;
import io.weft.model.AgentId;
import io.weft.model.Zone;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// The commits of one agent, to one topic: each file has a run of batches in each partition, each
/// partition its own idempotent producer (or none). Owned by one thread.
final class Commits {
  static final int BATCH_BYTES = 16_000;
  static final int BATCH_RECORDS = 15;
  private static final int IDS_PER_LEASE = 10_000;

  private final CommandPort asker;
  private final Shape shape;
  private final AgentId agent;
  private final long firstProducerId;
  private int nextSequence;
  private long nextFileId;
  private long idsEnd;

  /// @param idempotent whether the batches have producers and sequences
  record Shape(int partitions, int batchesPerRun, int filesPerCommit, boolean idempotent) {
    int batchesPerCommit() {
      return partitions * batchesPerRun * filesPerCommit;
    }
  }

  Commits(CommandPort asker, Shape shape) {
    this.asker = asker;
    this.shape = shape;
    this.agent =
        asker.as(Membership.class).register(new UUID(1, 1), Zone.NONE, "localhost", 9092).id();
    asker
        .as(TopicCatalog.class)
        .create(new NewTopic(Samples.TOPIC, "load", shape.partitions(), (short) 1, Map.of()));
    this.firstProducerId = asker.as(Producers.class).leaseIds(agent, shape.partitions()).first();
  }

  /// The next commit, ready to be asked. Makes what a real agent has made before it asks.
  Command<List<FileOutcome>> next() {
    long first = nextFileId;
    List<UploadedFile> files = new ArrayList<>(shape.filesPerCommit());
    for (int i = 0; i < shape.filesPerCommit(); i++) {
      files.add(file());
    }
    return Command.of(Sequencer.class, it -> it.commit(agent, first, files));
  }

  private UploadedFile file() {
    if (nextFileId == idsEnd) {
      lease();
    }
    List<UploadedBatches> runs = new ArrayList<>(shape.partitions());
    for (int partition = 0; partition < shape.partitions(); partition++) {
      runs.add(run(partition));
    }
    nextSequence += shape.batchesPerRun() * BATCH_RECORDS;
    long bytes = Long.BYTES + (long) shape.partitions() * shape.batchesPerRun() * BATCH_BYTES;
    return new UploadedFile(nextFileId++, bytes, Long.BYTES, runs);
  }

  private void lease() {
    LeaseOutcome outcome = asker.as(FileLedger.class).lease(agent, IDS_PER_LEASE);
    if (!(outcome instanceof LeaseOutcome.Leased leased)) {
      throw new IllegalStateException("no file ids: " + outcome);
    }
    nextFileId = leased.first();
    idsEnd = leased.first() + leased.count();
  }

  private UploadedBatches run(int partition) {
    int rows = shape.batchesPerRun();
    int[] sequences = new int[rows];
    for (int row = 0; row < rows; row++) {
      sequences[row] = shape.idempotent() ? nextSequence + row * BATCH_RECORDS : -1;
    }
    int[] lengths = filled(rows, BATCH_BYTES);
    int[] records = filled(rows, BATCH_RECORDS);
    long[] timestampsMs = new long[rows];
    Arrays.fill(timestampsMs, Samples.TIME_MS + nextFileId);
    long[] producers = new long[rows];
    Arrays.fill(producers, shape.idempotent() ? firstProducerId + partition : -1);
    short[] epochs = new short[rows];
    Arrays.fill(epochs, (short) (shape.idempotent() ? 0 : -1));
    return new UploadedBatches(
        Samples.partition(partition),
        lengths,
        records,
        timestampsMs,
        producers,
        epochs,
        sequences,
        new byte[rows]);
  }

  private static int[] filled(int length, int value) {
    int[] array = new int[length];
    Arrays.fill(array, value);
    return array;
  }
}
