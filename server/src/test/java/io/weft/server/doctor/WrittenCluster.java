package io.weft.server.doctor;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.FileLedger.LeaseOutcome;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.TopicCatalog.RecordsBefore;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.api.topic.DeletedTopics;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.journal.AppendOutcome;
import io.weft.controlplane.journal.JournalEntry;
import io.weft.controlplane.journal.JournalTip;
import io.weft.controlplane.journal.ObjectJournal;
import io.weft.controlplane.journal.Snapshots;
import io.weft.controlplane.leader.EntryBody;
import io.weft.controlplane.leader.inspect.FollowedState;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.StateRecordCodec;
import io.weft.controlplane.state.StateSnapshot;
import io.weft.controlplane.state.level.LevelRaised;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.controlplane.state.part.Step;
import io.weft.environment.Environment;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import io.weft.storage.bucket.BucketOwnership;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.ComposedFile;
import io.weft.storage.file.FileComposer;
import io.weft.storage.file.FileOrigin;
import io.weft.storage.file.FilePlace;
import io.weft.storage.file.PartitionRun;
import io.weft.storage.file.StoredBatch;
import io.weft.storage.object.MemoryObjectStore;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/// A journal and a bucket as a cluster of one topic leaves them, written step by step. Owned by one
/// thread.
public final class WrittenCluster {
  static final String CLUSTER = "cluster-a";
  static final TopicId TOPIC = new TopicId(1, 2);

  private static final long TIME_MS = 1_000_000;
  private static final long WRITER = 77;
  private static final int PARTITIONS = 2;
  private static final int BATCHES = 3;

  final ObjectStore journal;
  final ObjectStore bucket;
  final ObjectStore lowLatency = new MemoryObjectStore();
  private final ControlPlaneState state = new ControlPlaneState();
  private JournalTip tip = JournalTip.START;
  private AgentId agent = new AgentId(0);

  public WrittenCluster(ObjectStore journal, ObjectStore bucket) {
    this.journal = journal;
    this.bucket = bucket;
    List<StateRecord> founded = List.of(state.found(CLUSTER, TIME_MS));
    append(founded);
    turn(
        it ->
            it.as(TopicCatalog.class)
                .create(new NewTopic(TOPIC, "topic", PARTITIONS, (short) 1, Map.of())));
    agent =
        turn(it -> it.as(Membership.class).register(new UUID(1, 1), Zone.NONE, "localhost", 1))
            .id();
    new BucketOwnership(bucket).claim(CLUSTER);
  }

  /// @return the first id
  public long lease(int count) {
    return turn(it -> it.as(FileLedger.class).lease(agent, count))
            instanceof LeaseOutcome.Leased leased
        ? leased.first()
        : -1;
  }

  /// As [#lease], of the low-latency store. Leaves old formats behind.
  long leaseLowLatency(int count) {
    LeaseOutcome outcome =
        turn(
            it -> {
              it.make(new LevelRaised(Levels.KNOWN));
              return it.as(FileLedger.class).leaseLowLatency(agent, count);
            });
    return ((LeaseOutcome.Leased) outcome).first();
  }

  /// Ends the lease that begins at this id.
  public void expire(long first) {
    turn(
        it -> {
          it.leases().expire(first);
          return first;
        });
  }

  /// A file of several batches of each partition.
  static ComposedFile file(String cluster, long fileId, int valueBytes) {
    List<PartitionRun> runs = new ArrayList<>();
    for (int p = 0; p < PARTITIONS; p++) {
      List<StoredBatch> batches = new ArrayList<>();
      for (int b = 0; b < BATCHES; b++) {
        batches.add(new StoredBatch(batch(fileId * 100 + b, valueBytes), 1, TIME_MS, TIME_MS));
      }
      runs.add(new PartitionRun(new PartitionId(TOPIC, p), batches));
    }
    return FileComposer.compose(new FileOrigin(cluster, fileId, fileId), runs);
  }

  private static ByteBuffer batch(long number, int valueBytes) {
    byte[] value = ("%0" + valueBytes + "d").formatted(number).getBytes(US_ASCII);
    return MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(TIME_MS, value)).buffer();
  }

  public void upload(long fileId) {
    upload(fileId, 100);
  }

  void upload(long fileId, int valueBytes) {
    put(fileId, file(CLUSTER, fileId, valueBytes).body());
  }

  void put(long fileId, ObjectBody body) {
    FilePlace place = FilePlace.of(fileId);
    buckets(bucket).storeOf(place).put(place.key(), body);
  }

  public void commit(long fileId) {
    commit(fileId, 100);
  }

  void commit(long fileId, int valueBytes) {
    ComposedFile file = file(CLUSTER, fileId, valueBytes);
    List<UploadedBatches> runs =
        file.index().extents().stream()
            .map(extent -> batches(extent.partition(), extent.length() / BATCHES))
            .toList();
    UploadedFile uploaded =
        new UploadedFile(fileId, file.body().length(), FileComposer.HEADER_BYTES, runs);
    List<FileOutcome> outcomes =
        turn(it -> it.as(Sequencer.class).commit(agent, fileId, List.of(uploaded)));
    assertThat(outcomes.getFirst()).isInstanceOf(FileOutcome.Committed.class);
  }

  private static UploadedBatches batches(PartitionId partition, int length) {
    int[] lengths = new int[BATCHES];
    int[] records = new int[BATCHES];
    long[] times = new long[BATCHES];
    long[] producers = new long[BATCHES];
    short[] epochs = new short[BATCHES];
    int[] sequences = new int[BATCHES];
    for (int i = 0; i < BATCHES; i++) {
      lengths[i] = length;
      records[i] = 1;
      times[i] = TIME_MS;
      producers[i] = -1;
      epochs[i] = -1;
      sequences[i] = -1;
    }
    return new UploadedBatches(
        partition, lengths, records, times, producers, epochs, sequences, new byte[BATCHES]);
  }

  /// Uploads and commits.
  public void write(long fileId) {
    upload(fileId);
    commit(fileId);
  }

  /// Makes all partitions empty.
  void deleteRecords() {
    turn(
        it ->
            it.as(TopicCatalog.class)
                .deleteRecords(
                    List.of(
                        new RecordsBefore(new PartitionId(TOPIC, 0), RecordsBefore.HIGH_WATERMARK),
                        new RecordsBefore(
                            new PartitionId(TOPIC, 1), RecordsBefore.HIGH_WATERMARK))));
  }

  /// Leaves old formats behind, and deletes the topic, which can come back.
  void keepTopic() {
    state.deletion().ledBy(nowMs -> OptionalLong.of(nowMs + 1));
    turn(
        it -> {
          it.make(new LevelRaised(Levels.KNOWN));
          return it.as(TopicCatalog.class).delete(TOPIC);
        });
  }

  void letTopicGo() {
    turn(it -> it.as(DeletedTopics.class).letGo(TOPIC));
  }

  /// Leaves old formats behind, ends the lease that begins at this id, and condemns what no log
  /// needs, as a leader does.
  void condemn(long first) {
    turn(
        it -> {
          it.make(new LevelRaised(Levels.KNOWN));
          it.collection().expireLease(first);
          return it.collection().condemn(100);
        });
  }

  /// Takes a snapshot and removes the entries before it, as a leader does.
  void snapshot() {
    WireWriter out = Snapshots.writer();
    StateSnapshot.write(state, out);
    new Snapshots(journal).write(tip, out);
    new ObjectJournal(journal).truncateBefore(tip.index());
  }

  DoctorReport look(boolean deep, boolean repair) {
    return look(bucket, deep, repair);
  }

  /// @param through another way to the bucket
  DoctorReport look(ObjectStore through, boolean deep, boolean repair) {
    Environment environment = Environment.system();
    Metadata metadata = new Metadata(FollowedState.open(journal, environment).orElseThrow());
    return Doctor.run(
        buckets(through),
        metadata,
        new Doctor.Options(deep, repair),
        new Progress(new PrintWriter(new StringWriter()), environment.clock()),
        environment);
  }

  private ClusterBucket buckets(ObjectStore through) {
    return new ClusterBucket(through, Optional.of(lowLatency), CLUSTER);
  }

  /// Every object of the bucket.
  Map<String, byte[]> objects() {
    Map<String, byte[]> objects = new TreeMap<>();
    bucket
        .list("", "", ObjectStore.KEYS_PER_CALL_MAX)
        .forEach(it -> objects.put(it.key().name(), bucket.readAll(it.key(), (int) it.length())));
    return objects;
  }

  byte[] bytes(long fileId) {
    ObjectKey key = FilePlace.of(fileId).key();
    return bucket.readAll(key, FileComposer.FILE_BYTES_MAX);
  }

  private <R> R turn(Function<ControlPlaneState, R> asked) {
    List<StateRecord> records = new ArrayList<>();
    R answer = asked.apply(state.in(new Step(TIME_MS, records, ChangeListener.NONE)));
    append(records);
    return answer;
  }

  private void append(List<StateRecord> records) {
    WireWriter out = new WireWriter().atLevel(state.level().value());
    out.writeByte(EntryBody.RECORDS);
    records.forEach(each -> StateRecordCodec.write(each, out));
    JournalEntry entry = JournalEntry.following(tip, 1, WRITER, TIME_MS, out.toByteArray());
    assertThat(new ObjectJournal(journal).append(entry.tip().index(), entry.frame()))
        .isEqualTo(AppendOutcome.APPENDED);
    tip = entry.tip();
  }
}
