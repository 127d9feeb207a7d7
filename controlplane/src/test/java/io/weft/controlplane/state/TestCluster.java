package io.weft.controlplane.state;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.ExtentIndex.ExtentQuery;
import io.weft.controlplane.api.ExtentIndex.ExtentsFound;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.FileLedger.LeaseOutcome;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.CreateOutcome;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.api.admin.ResourceSettings.Kind;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.command.CommandPort;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.controlplane.state.part.Step;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.Invariant;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// A founded state, what it has recorded and what its listener heard. Owned by one thread.
final class TestCluster implements ChangeListener, CommandPort {
  static final int FIRST_POSITION = 16;

  ControlPlaneState state = new ControlPlaneState();
  final List<StateRecord> records = new ArrayList<>();
  final List<String> events = new ArrayList<>();
  long nowMs = 10_000;

  TestCluster() {
    records.add(state.found("cluster", nowMs));
  }

  @Override
  public <R> R ask(Command<R> command) {
    return in().take(command);
  }

  /// The state in a step of now.
  ControlPlaneState in() {
    return state.in(new Step(nowMs, records, this));
  }

  @Override
  public CommitFeed feed() {
    throw new IllegalStateException("a state has no feed");
  }

  @Override
  public void close() {}

  AgentId register(long instance) {
    return as(Membership.class).register(new UUID(1, instance), Zone.NONE, "host", 9092).id();
  }

  TopicId topic(String name, int partitions) {
    return topic(name, partitions, Map.of());
  }

  TopicId topic(String name, int partitions, Map<String, String> settings) {
    TopicId id = new TopicId(7, name.hashCode());
    NewTopic topic = new NewTopic(id, name, partitions, (short) 3, settings);
    CreateOutcome outcome = as(TopicCatalog.class).create(topic);
    Invariant.check(outcome == CreateOutcome.CREATED, "the topic is " + outcome);
    return id;
  }

  long lease(AgentId agent, int count) {
    return switch (as(FileLedger.class).lease(agent, count)) {
      case LeaseOutcome.Leased leased -> leased.first();
      case LeaseOutcome.UnknownAgent() -> throw new IllegalStateException("unknown " + agent);
    };
  }

  FileOutcome commit(AgentId agent, long fileId, UploadedBatches... runs) {
    return commit(agent, 0, file(fileId, runs)).get(0);
  }

  List<FileOutcome> commit(AgentId agent, long settledBelow, UploadedFile... files) {
    return as(Sequencer.class).commit(agent, settledBelow, List.of(files));
  }

  static UploadedFile file(long fileId, UploadedBatches... runs) {
    long bytes = FIRST_POSITION;
    for (UploadedBatches run : runs) {
      for (int length : run.lengths()) {
        bytes += length;
      }
    }
    return new UploadedFile(fileId, bytes + 20, FIRST_POSITION, List.of(runs));
  }

  PartitionBounds bounds(PartitionId partition) {
    return state.logs().bounds(partition).orElseThrow();
  }

  /// All extents of a partition that has no markers, a thousand at most.
  List<Extent> extents(PartitionId partition) {
    return extents(partition, 0);
  }

  List<Extent> extents(PartitionId partition, long offset) {
    return spans(partition, offset).stream().map(Extent.class::cast).toList();
  }

  /// The extents and markers of a partition from an offset on, a thousand at most.
  List<Span> spans(PartitionId partition, long offset) {
    ExtentQuery query = new ExtentQuery(partition, offset, Integer.MAX_VALUE);
    return switch (as(ExtentIndex.class).find(List.of(query)).get(0)) {
      case ExtentsFound.Found found -> found.spans();
      case ExtentsFound.OutOfRange _ -> throw new IllegalStateException("out of range");
      case ExtentsFound.UnknownPartition _ -> throw new IllegalStateException("unknown partition");
    };
  }

  /// `VERDICT@offset` or `VERDICT@offset:time` per batch, or `Expired`.
  static List<String> told(FileOutcome outcome) {
    return switch (outcome) {
      case FileOutcome.Expired() -> List.of("Expired");
      case FileOutcome.Committed committed -> {
        List<String> batches = new ArrayList<>();
        for (BatchOutcomes run : committed.partitions()) {
          for (int i = 0; i < run.count(); i++) {
            long time = run.logAppendTimesMs()[i];
            batches.add(
                run.verdict(i) + "@" + run.baseOffsets()[i] + (time == -1 ? "" : ":" + time));
          }
        }
        yield batches;
      }
    };
  }

  byte[] snapshot() {
    return snapshot(state);
  }

  static byte[] snapshot(ControlPlaneState state) {
    WireWriter out = new WireWriter();
    StateSnapshot.write(state, out);
    return out.toByteArray();
  }

  static ControlPlaneState restored(byte[] snapshot) {
    WireReader in = new WireReader(snapshot);
    ControlPlaneState state = StateSnapshot.read(in);
    in.finish();
    return state;
  }

  /// A state that knows nothing but the bytes of this one's records.
  ControlPlaneState replica() {
    ControlPlaneState replica = new ControlPlaneState();
    records.forEach(record -> replica.replay(recoded(record), ChangeListener.NONE));
    return replica;
  }

  static StateRecord recoded(StateRecord record) {
    WireWriter out = new WireWriter().atLevel(Levels.KNOWN);
    StateRecordCodec.write(record, out);
    WireReader in = new WireReader(out.toByteArray());
    StateRecord read = StateRecordCodec.read(in);
    in.finish();
    return read;
  }

  @Override
  public void advanced(PartitionId partition, PartitionBounds bounds, List<Span> appended) {
    events.add(
        "advanced %d to %d by %d"
            .formatted(partition.partition(), bounds.highWatermark(), appended.size()));
  }

  @Override
  public void replaced(PartitionId partition, List<Extent> extents) {
    events.add(
        "replaced %d from %d to %d by %d"
            .formatted(
                partition.partition(),
                extents.getFirst().baseOffset(),
                extents.getLast().lastOffset(),
                extents.size()));
  }

  @Override
  public void gone(PartitionId partition) {
    events.add("gone " + partition.partition());
  }

  @Override
  public void catalogChanged(long version) {
    events.add("catalog " + version);
  }

  @Override
  public void resourceConfigured(Kind kind, String name, Map<String, String> settings) {
    events.add("configured " + kind + " " + name + " " + settings);
  }

  @Override
  public void transactionEnded(long producerId, short producerEpoch, boolean committed) {
    events.add(
        "%s %d:%d".formatted(committed ? "committed" : "aborted", producerId, producerEpoch));
  }
}
