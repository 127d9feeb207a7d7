package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.Membership.Address;
import io.weft.controlplane.api.Membership.Advertised;
import io.weft.controlplane.api.Membership.Profile;
import io.weft.controlplane.api.Membership.Role;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.api.admin.ClientQuotas;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ScramCredentials;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.codec.Damages;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.NewerFormatException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.admin.CredentialRecord;
import io.weft.controlplane.state.admin.QuotaAltered;
import io.weft.controlplane.state.admin.ResourceConfigured;
import io.weft.controlplane.state.agent.AgentRecord;
import io.weft.controlplane.state.agent.NeighbourKeyMade;
import io.weft.controlplane.state.dead.DeadFileRecord;
import io.weft.controlplane.state.dead.FileRun;
import io.weft.controlplane.state.file.FileRecord;
import io.weft.controlplane.state.file.FileRecord.FileCommitted;
import io.weft.controlplane.state.groups.GroupRecord;
import io.weft.controlplane.state.level.LevelRaised;
import io.weft.controlplane.state.log.LogRecord;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.controlplane.state.producer.ProducerIdsLeased;
import io.weft.controlplane.state.share.ShareChange;
import io.weft.controlplane.state.share.ShareChanged;
import io.weft.controlplane.state.topic.TopicRecord;
import io.weft.controlplane.state.transaction.AgentConnection;
import io.weft.controlplane.state.transaction.TransactionChange;
import io.weft.controlplane.state.transaction.TransactionChanged;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.Extent.Offsets;
import io.weft.model.ListenerName;
import io.weft.model.OpaqueBytes;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The bytes of records: they are in journals for ever.
final class StateRecordCodecTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final TopicId TOPIC = new TopicId(0x0102030405060708L, 0x090A0B0C0D0E0F10L);

  /// One of each kind, and more than one of files.
  private static List<StateRecord> samples() {
    List<StateRecord> samples = samplesOfLevelOne();
    samples.add(new LevelRaised(2));
    samples.add(replaced());
    samples.add(replacedWithSums());
    samples.add(new LogRecord.SumsStated(-1, 1, Long.MIN_VALUE, 1L << 40, 5));
    samples.add(committed());
    samples.add(withChecksums(committed()));
    samples.add(
        new AgentRecord.NeighboursTold(new AgentId(3), Optional.of(new Address("host", 9_093))));
    samples.add(new AgentRecord.NeighboursTold(new AgentId(3), Optional.empty()));
    samples.add(
        new AgentRecord.AgentDescribed(
            new AgentId(3), new Profile("backfills", EnumSet.of(Role.CONSUME, Role.JOBS))));
    samples.add(
        new AgentRecord.ListenersTold(
            new AgentId(3),
            List.of(
                new Advertised(new ListenerName("INTERNAL"), "host", 9_092),
                new Advertised(new ListenerName("EXTERNAL"), "lb.example.com", 19_093))));
    samples.add(new NeighbourKeyMade(7, OpaqueBytes.of(new byte[] {1, -2, 3}), 1_700_000_000_009L));
    samples.add(
        new DeadFileRecord.FilesCondemned(
            List.of(new FileRun(5, 1), new FileRun(1L << 40, 200)), 1_700_000_000_008L));
    samples.add(new DeadFileRecord.FilesDeleted(List.of(new FileRun(1L << 40, 199))));
    samples.add(
        new LogRecord.LogStartsMoved(
            List.of(
                new LogRecord.LogStart(new PartitionId(TOPIC, 3), 1L << 40),
                new LogRecord.LogStart(new PartitionId(TOPIC, 4), 1))));
    samples.add(new TopicRecord.TopicRetired(TOPIC, 1_700_000_000_009L, 1_700_086_400_009L));
    samples.add(new TopicRecord.TopicRestored(TOPIC, "orders", 12));
    samples.add(new TopicRecord.RetiredTopicLetGo(TOPIC));
    return samples;
  }

  private static List<StateRecord> samplesOfLevelOne() {
    Map<String, String> settings = Map.of("b", "2", "a", "é");
    AgentId agent = new AgentId(3);
    List<StateRecord> samples = new ArrayList<>();
    samples.add(new StateRecord.ClusterFounded("cluster", 1_700_000_000_000L));
    samples.add(
        new TopicRecord.TopicCreated(new NewTopic(TOPIC, "orders", 12, (short) -1, settings)));
    samples.add(new TopicRecord.TopicDeleted(TOPIC));
    samples.add(new TopicRecord.TopicGrown(TOPIC, 24));
    samples.add(new TopicRecord.TopicConfigured(TOPIC, settings));
    samples.add(
        new AgentRecord.AgentRegistered(agent, new UUID(5, 6), new Zone("eu-1a"), "host", 9092));
    samples.add(new AgentRecord.AgentGone(agent));
    samples.add(new FileRecord.FileIdsLeased(agent, 1L << 40, 100, 1_700_000_000_001L));
    samples.add(new FileRecord.FileIdsExpired(1L << 40, 1_700_000_000_002L));
    samples.add(new ProducerIdsLeased(1_001, 1_000));
    samples.add(committed());
    samples.add(new LogRecord.ProducersExpired(1_600_000_000_000L, 1_700_000_000_003L));
    transactionChanges().forEach(each -> samples.add(new TransactionChanged(each)));
    OpaqueBytes key = OpaqueBytes.of(new byte[] {0, 1, 2});
    OpaqueBytes value = OpaqueBytes.of(new byte[] {-1});
    samples.add(new GroupRecord.GroupRowPut(key, value, 1_001, (short) 7));
    samples.add(new GroupRecord.GroupRowDropped(key));
    samples.add(new LogRecord.LogStartMoved(new PartitionId(TOPIC, 3), 1L << 40));
    samples.add(
        new ShareChanged(
            new ShareChange.Begun("queue", 2, -1, List.of(new PartitionId(TOPIC, 1)))));
    samples.add(
        new ShareChanged(new ShareChange.Started("queue", new PartitionId(TOPIC, 1), 1_000)));
    samples.add(
        new ShareChanged(
            new ShareChange.Settled(
                "queue",
                new PartitionId(TOPIC, 1),
                List.of(
                    new ShareChange.SettledRun(1_000, 1_499, ShareChange.SettledRun.FINISHED),
                    new ShareChange.SettledRun(1_510, 1_510, 3)))));
    samples.add(
        new ShareChanged(new ShareChange.Ended("queue", List.of(new PartitionId(TOPIC, 1)))));
    samples.add(new ResourceConfigured(ResourceSettings.Kind.GROUP, "group", settings));
    samples.add(
        new QuotaAltered(
            new ClientQuotas.Entity(
                List.of(
                    new ClientQuotas.Part(ClientQuotas.EntityType.USER, Optional.empty()),
                    new ClientQuotas.Part(ClientQuotas.EntityType.CLIENT_ID, Optional.of("app")))),
            Map.of("a", OptionalDouble.of(2.5), "b", OptionalDouble.empty())));
    samples.add(
        new CredentialRecord.CredentialPut(
            "alice",
            ScramCredentials.Mechanism.SHA_512,
            new ScramCredentials.Credential(
                4_096, new byte[] {1}, new byte[] {2, 3}, new byte[] {4})));
    samples.add(
        new CredentialRecord.CredentialRemoved("alice", ScramCredentials.Mechanism.SHA_256));
    return samples;
  }

  private static LogRecord.ExtentsReplaced replaced() {
    PartitionId partition = new PartitionId(TOPIC, 3);
    long timeMs = 1_700_000_000_000L;
    return new LogRecord.ExtentsReplaced(
        List.of(new LogRecord.NewFile(90, 5_000), new LogRecord.NewFile(1L << 40, 64L << 20)),
        List.of(
            new LogRecord.ReplacedRun(
                partition,
                List.of(
                    new Extent(77, 4_096, 512, 900, 949, timeMs, -1),
                    new Extent(78, 16, 100, 950, 999, timeMs + 1, -1)),
                List.of(new Extent(90, 8, 612, 900, 999, timeMs + 1, -1))),
            new LogRecord.ReplacedRun(
                partition,
                List.of(new Extent(79, 8, 300, 1_001, 1_009, timeMs + 9, timeMs + 9)),
                List.of(
                    new Extent(1L << 40, 8, 99, 1_001, 1_003, timeMs + 9, timeMs + 9, Offsets.OWN),
                    new Extent(1L << 40, 107, 9, 1_004, 1_009, -1, -1, Offsets.OWN)))));
  }

  private static List<TransactionChange> transactionChanges() {
    AgentConnection connection = new AgentConnection(new AgentId(3), 77);
    ProducerEpoch producer = new ProducerEpoch(1_005, (short) 6);
    PartitionId partition = new PartitionId(TOPIC, 4);
    return List.of(
        new TransactionChange.Initialized(
            "pay", producer, Optional.of(producer), 60_000, connection, 1_700_000_000_004L),
        new TransactionChange.Added(
            "pay",
            List.of(partition, new PartitionId(TOPIC, 5)),
            List.of("group"),
            true,
            Optional.empty(),
            1_700_000_000_005L),
        new TransactionChange.Added(
            "pay",
            List.of(partition),
            List.of(),
            false,
            Optional.of(connection),
            1_700_000_000_005L),
        new TransactionChange.Ended(
            "pay",
            true,
            (short) 7,
            producer,
            Optional.empty(),
            false,
            Optional.of(connection),
            1_700_000_000_006L),
        new TransactionChange.Expired(1_600_000_000_000L, 1_700_000_000_007L));
  }

  private static LogRecord.ExtentsReplaced replacedWithSums() {
    LogRecord.ExtentsReplaced without = replaced();
    List<LogRecord.ReplacedRun> runs =
        without.runs().stream()
            .map(
                run ->
                    new LogRecord.ReplacedRun(
                        run.partition(),
                        run.before(),
                        run.after(),
                        run.after().stream().map(after -> -after.lastOffset()).toList(),
                        Long.MAX_VALUE))
            .toList();
    return new LogRecord.ExtentsReplaced(without.files(), runs);
  }

  /// As one that tells those of some of its runs.
  private static StateRecord withChecksums(FileCommitted record) {
    List<UploadedBatches> runs = new ArrayList<>(record.file().partitions());
    for (int i = 0; i < 2; i++) {
      int run = i;
      int[] told = IntStream.range(0, runs.get(i).count()).map(row -> ~(row << run)).toArray();
      runs.set(i, runs.get(i).withChecksums(told));
    }
    UploadedFile file =
        new UploadedFile(
            record.file().fileId(), record.file().bytes(), record.file().firstPosition(), runs);
    return new FileCommitted(
        record.agent(), record.settledBelow(), record.timeMs(), file, record.outcomes());
  }

  /// A file whose outcomes were decided by a real state: placed, duplicate, refused, unknown.
  private static FileCommitted committed() {
    TestCluster cluster = new TestCluster();
    cluster.nowMs = 1_700_000_000_000L;
    cluster.register(0);
    AgentId agent = cluster.register(1);
    Map<String, String> stamped = Map.of("message.timestamp.type", "LogAppendTime");
    PartitionId first = new PartitionId(cluster.topic("t", 2), 0);
    PartitionId second = new PartitionId(first.topic(), 1);
    PartitionId third = new PartitionId(cluster.topic("u", 1, stamped), 0);
    long fileId = cluster.lease(agent, 1);
    UploadedBatches mixed =
        RunBuilder.run(first)
            .timed(1_234, 10, 1_699_999_999_900L)
            .idempotent(7, 2, 0, 5)
            .idempotent(7, 2, 0, 5)
            .idempotent(7, 2, 9, 1)
            .transactional(8, 0, 0, 1)
            .build();
    UploadedBatches one = RunBuilder.run(second).timed(99, 1, Long.MIN_VALUE).build();
    UploadedBatches timed =
        RunBuilder.run(third).idempotent(9, 0, Integer.MAX_VALUE, 3).batch(1).build();
    UploadedBatches unknown = RunBuilder.run(new PartitionId(TOPIC, 5)).batch(1).build();
    cluster.commit(agent, fileId, TestCluster.file(fileId, mixed, one, timed, unknown));
    return (FileCommitted) cluster.records.getLast();
  }

  private static byte[] bytes(StateRecord record) {
    return bytes(record, Levels.KNOWN);
  }

  private static byte[] bytes(StateRecord record, int level) {
    WireWriter out = new WireWriter().atLevel(level);
    StateRecordCodec.write(record, out);
    return out.toByteArray();
  }

  private static StateRecord read(byte[] bytes) {
    WireReader in = new WireReader(bytes);
    StateRecord record = StateRecordCodec.read(in);
    in.finish();
    return record;
  }

  @Test
  void thereIsASampleOfEachKind() {
    assertThat(samples().stream().map(StateRecord::getClass).distinct())
        .hasSize(
            (int)
                new ControlPlaneState()
                    .records().stream().flatMap(StateRecordCodecTest::kinds).count());
  }

  private static Stream<Class<?>> kinds(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(StateRecordCodecTest::kinds)
        : Stream.of(type);
  }

  @Test
  void whatIsReadIsWhatWasWritten() {
    for (StateRecord sample : samples()) {
      StateRecord read = read(bytes(sample));
      if (sample instanceof FileCommitted) {
        assertThat(read)
            .usingRecursiveComparison()
            .ignoringFieldsMatchingRegexes(".*transactionalIds")
            .isEqualTo(sample);
      } else {
        assertThat(read).isEqualTo(sample);
      }
    }
  }

  @Test
  void theBytesAreThoseOfEveryVersionBefore() throws IOException {
    List<String> golden = new ArrayList<>(golden(1));
    assertThat(
            samplesOfLevelOne().stream()
                .map(sample -> HEX.formatHex(bytes(sample, Levels.FIRST)))
                .toList())
        .isEqualTo(golden);
    golden.forEach(line -> assertThat(rewritten(line, Levels.FIRST)).isEqualTo(line));
    // Files have a kind of their own for each level.
    assertThat(golden.removeIf(line -> line.startsWith("0b"))).isTrue();
    List<StateRecord> samples = samples();
    samples.remove(
        samples.stream().filter(FileCommitted.class::isInstance).findFirst().orElseThrow());
    golden.addAll(golden(2));
    List<String> written = samples.stream().map(sample -> HEX.formatHex(bytes(sample))).toList();

    assertThat(written).isEqualTo(golden);
    golden.forEach(line -> assertThat(rewritten(line, Levels.KNOWN)).isEqualTo(line));
  }

  private static String rewritten(String line, int level) {
    return HEX.formatHex(bytes(read(HEX.parseHex(line)), level));
  }

  private static List<String> golden(int level) throws IOException {
    try (InputStream in =
        StateRecordCodecTest.class.getResourceAsStream(
            "/format/v%d/state-records.txt".formatted(level))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  @Test
  void aLevelAboveThoseKnownIsANewerReleases() {
    byte[] raised = bytes(new LevelRaised(Levels.KNOWN + 1));
    assertThatThrownBy(() -> read(raised))
        .isInstanceOf(NewerFormatException.class)
        .hasMessage(
            "the level that is final has format 3, and this release of Weft reads up to 2: a newer"
                + " release wrote it");
  }

  @Test
  void aReleaseOfTheFirstLevelSaysThatTheOthersAreNewer() {
    for (StateRecord sample : samplesOfLevelOne()) {
      byte[] bytes = bytes(sample, Levels.FIRST);
      assertThat(StateRecordCodec.read(new WireReader(bytes), Levels.FIRST)).hasSameClassAs(sample);
    }
    byte[] summed = bytes(withChecksums(committed()));
    assertThatThrownBy(() -> StateRecordCodec.read(new WireReader(summed), Levels.FIRST))
        .isInstanceOf(NewerFormatException.class)
        .hasMessage(
            "a record of kind 14 is not known to this release of Weft: a newer release wrote it");
    byte[] raised = bytes(new LevelRaised(2));
    assertThatThrownBy(() -> StateRecordCodec.read(new WireReader(raised), Levels.FIRST))
        .isInstanceOf(NewerFormatException.class)
        .hasMessage(
            "a record of kind 100 is not known to this release of Weft: a newer release wrote it");
    assertThatThrownBy(() -> bytes(new LevelRaised(2), Levels.FIRST))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("LevelRaised is not known at level 1");
    assertThatThrownBy(() -> StateRecordCodec.read(new WireReader(bytes(replaced())), 1))
        .isInstanceOf(NewerFormatException.class)
        .hasMessage(
            "a record of kind 61 is not known to this release of Weft: a newer release wrote it");
  }

  @Test
  void bytesCutShortAreMalformed() {
    for (StateRecord sample : samples()) {
      byte[] bytes = bytes(sample);
      for (int length = 0; length < bytes.length; length++) {
        byte[] cut = Arrays.copyOf(bytes, length);
        assertThatThrownBy(() -> read(cut))
            .as("%s at %d", sample, length)
            .isInstanceOf(MalformedBytesException.class);
      }
    }
  }

  @Test
  void damagedBytesAreARecordOrMalformed() {
    Damages damages = new Damages(new Random(42));
    List<byte[]> whole = samples().stream().map(StateRecordCodecTest::bytes).toList();
    int malformed = 0;
    for (int i = 0; i < 20_000; i++) {
      try {
        bytes(read(damages.of(whole.get(i % whole.size()))));
      } catch (MalformedBytesException e) {
        malformed++;
      }
    }
    assertThat(malformed).isBetween(1, 19_999);
  }

  @Test
  void anUnknownKindIsMalformed() {
    assertThatThrownBy(() -> read(new byte[] {13})).isInstanceOf(MalformedBytesException.class);
  }

  /// Rows without bytes of their own must not be believed.
  @Test
  void manyRowsInFewBytesAreMalformed() {
    WireWriter out = new WireWriter();
    out.writeByte(11);
    for (int number : new int[] {1, 0, 0, 1, 100, 16, 1, 0}) {
      out.writeVarInt(number);
    }
    out.writeLong(1);
    out.writeLong(1);
    out.writeVarInt(0);
    out.writeVarInt(1_000_000_000);

    assertThatThrownBy(() -> read(out.toByteArray())).isInstanceOf(MalformedBytesException.class);
  }

  /// A file of many partitions, with a batch of each: an extent costs no more with its sum.
  @Test
  void anExtentTakesSixteenBytesOfTheJournal() {
    TestCluster cluster = new TestCluster();
    cluster.as(Releases.class).finish(2);
    cluster.nowMs = 1_700_000_000_000L;
    AgentId agent = cluster.register(1);
    TopicId topic = cluster.topic("t", 1_000);
    Random random = new Random(7);
    for (int file = 0; file < 3; file++) {
      List<UploadedBatches> runs = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        runs.add(
            RunBuilder.run(new PartitionId(topic, i))
                .timed(
                    3_000 + random.nextInt(2_000),
                    file == 0 ? 100_000_000 : 40,
                    cluster.nowMs - random.nextInt(250))
                .build()
                .withChecksums(new int[] {random.nextInt()}));
      }
      long fileId = cluster.lease(agent, 1);
      cluster.commit(agent, fileId, runs.toArray(UploadedBatches[]::new));
    }
    StateRecord record = cluster.records.getLast();
    double before = bytes(record, Levels.FIRST).length / 1_000.0;
    double after = bytes(record).length / 1_000.0;
    System.out.printf("an extent in the journal: %.1f bytes, with its sum %.1f%n", before, after);

    assertThat(after).isLessThanOrEqualTo(16);
    assertThat(after).isLessThanOrEqualTo(before);
  }

  @Test
  void aBatchOfALargeFileTakesFewBytes() {
    TestCluster cluster = new TestCluster();
    AgentId agent = cluster.register(1);
    PartitionId partition = new PartitionId(cluster.topic("t", 1), 0);
    RunBuilder run = RunBuilder.run(partition);
    for (int i = 0; i < 1_000; i++) {
      run.timed(16_000 + i % 7, 10, 1_700_000_000_000L + i);
    }
    long fileId = cluster.lease(agent, 1);
    cluster.commit(agent, fileId, run.build());

    assertThat(bytes(cluster.records.getLast()).length).isLessThan(1_000 * 6);
  }
}
