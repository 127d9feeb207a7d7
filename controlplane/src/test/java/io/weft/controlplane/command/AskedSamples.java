package io.weft.controlplane.command;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.CommitFeed.Event;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.ExtentIndex.ExtentQuery;
import io.weft.controlplane.api.ExtentIndex.ExtentsFound;
import io.weft.controlplane.api.ExtentIndex.TimeQuery;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.FileLedger.LeaseOutcome;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.api.Groups;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.Membership.Registered;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.Producers;
import io.weft.controlplane.api.Producers.ProducerIds;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.ConfigureOutcome;
import io.weft.controlplane.api.TopicCatalog.CreateOutcome;
import io.weft.controlplane.api.TopicCatalog.DeleteOutcome;
import io.weft.controlplane.api.TopicCatalog.GrowOutcome;
import io.weft.controlplane.api.TopicCatalog.Members;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.TopicCatalog.Page;
import io.weft.controlplane.api.TopicCatalog.Position;
import io.weft.controlplane.api.TopicCatalog.RecordsBefore;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.TransactionStep;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.api.transaction.Transactions.ActiveProducer;
import io.weft.controlplane.api.transaction.Transactions.Description;
import io.weft.controlplane.api.transaction.Transactions.Filter;
import io.weft.controlplane.api.transaction.Transactions.Listed;
import io.weft.controlplane.api.transaction.Transactions.Outcome;
import io.weft.controlplane.api.transaction.Transactions.Refusal;
import io.weft.controlplane.api.transaction.Transactions.State;
import io.weft.model.AbortedRange;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.Marker;
import io.weft.model.OpaqueBytes;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;

/// Commands with replies, and feed events, drawn from a seed: mostly what is usual, sometimes the
/// ends of the ranges.
public final class AskedSamples {
  public static final int KINDS = 34;

  private final Random random;
  private final AdminSamples administered;
  private final ShareSamples shares;

  public AskedSamples(long seed) {
    this.random = new Random(seed);
    this.administered = new AdminSamples(random, this);
    this.shares = new ShareSamples(random);
  }

  public Asked<?> next() {
    return next(random.nextInt(KINDS));
  }

  public Asked<?> next(int kind) {
    return switch (kind) {
      case 0 -> commit();
      case 1 ->
          new Asked<>(
              Command.of(FileLedger.class, it -> it.lease(agent(), 1 + below(10_000))), leased());
      case 2 ->
          new Asked<>(
              Command.of(Producers.class, it -> it.leaseIds(agent(), below(10_000))),
              new ProducerIds(number(), below(10_000)));
      case 3 -> find();
      case 4 -> findByTime();
      case 5 -> sizes();
      case 6 -> new Asked<>(Command.of(TopicCatalog.class, it -> it.page(position())), page());
      case 7 ->
          new Asked<>(
              Command.of(TopicCatalog.class, it -> it.create(newTopic())),
              oneOf(CreateOutcome.values()));
      case 8 ->
          new Asked<>(
              Command.of(TopicCatalog.class, it -> it.delete(topicId())), random.nextBoolean());
      case 9 ->
          new Asked<>(
              Command.of(TopicCatalog.class, it -> it.grow(topicId(), random.nextInt())),
              oneOf(GrowOutcome.values()));
      case 10 ->
          new Asked<>(
              Command.of(TopicCatalog.class, it -> it.configure(topicId(), number(), settings())),
              oneOf(ConfigureOutcome.values()));
      case 11 ->
          new Asked<>(
              Command.of(
                  Membership.class,
                  it ->
                      it.register(
                          new UUID(random.nextLong(), random.nextLong()),
                          zone(),
                          text(),
                          below(65_536))),
              new Registered(agent(), text(), number()));
      case 12 ->
          new Asked<>(Command.of(Membership.class, it -> it.renew(agent())), random.nextBoolean());
      case 13 ->
          new Asked<>(
              Command.of(
                  Membership.class,
                  it -> {
                    it.leave(agent());
                    return true;
                  }),
              random.nextBoolean());
      case 14 -> new Asked<>(Command.of(Transactions.class, it -> it.take(step())), outcome());
      case 15 -> {
        List<String> ids = some(5, this::text);
        yield new Asked<>(
            Command.of(Transactions.class, it -> it.describe(ids)),
            exactly(ids.size(), this::description));
      }
      case 16 ->
          new Asked<>(
              Command.of(Transactions.class, it -> it.list(filter(), text())),
              some(5, () -> new Listed(text(), number(), oneOf(State.values()))));
      case 17 -> {
        List<PartitionId> partitions = some(5, this::partition);
        yield new Asked<>(
            Command.of(Transactions.class, it -> it.producers(partitions)),
            exactly(
                partitions.size(),
                () -> below(4) == 0 ? Optional.empty() : Optional.of(some(4, this::active))));
      }
      case 18 ->
          new Asked<>(Command.of(Groups.class, it -> it.coordinate(groupRequest())), opaque());
      case 19 -> deleteRecords();
      case 20, 21, 22, 23, 24 -> shares.next(kind - 20);
      default -> administered.next(kind - 25);
    };
  }

  public List<Event> events() {
    return some(20, this::event);
  }

  public FeedRequest feedRequest() {
    return switch (below(3)) {
      case 0 -> new FeedRequest.Open(agent());
      case 1 -> new FeedRequest.Watch(some(20, this::partition));
      default -> new FeedRequest.Unwatch(some(20, this::partition));
    };
  }

  private TransactionStep step() {
    return switch (below(4)) {
      case 0 ->
          new TransactionStep.Initialize(
              asker(),
              1 + below(900_000),
              random.nextBoolean() ? Optional.of(producer()) : Optional.empty());
      case 1 -> new TransactionStep.AddPartitions(asker(), producer(), some(5, this::partition));
      case 2 -> new TransactionStep.AddGroup(asker(), producer(), text());
      default ->
          new TransactionStep.End(asker(), producer(), random.nextBoolean(), random.nextBoolean());
    };
  }

  private TransactionStep.Asker asker() {
    return new TransactionStep.Asker("t" + text(), agent(), number());
  }

  private ProducerEpoch producer() {
    return new ProducerEpoch(random.nextLong() >>> 1, (short) below(32_768));
  }

  private Outcome outcome() {
    return random.nextBoolean()
        ? new Outcome.Done(producer())
        : new Outcome.Refused(oneOf(Refusal.values()));
  }

  private Optional<Description> description() {
    return below(4) == 0
        ? Optional.empty()
        : Optional.of(
            new Description(
                oneOf(State.values()),
                producer(),
                random.nextInt(),
                number(),
                some(5, this::partition)));
  }

  private Filter filter() {
    return new Filter(
        Set.copyOf(new TreeSet<>(some(5, this::number))),
        random.nextBoolean() ? Set.of() : Set.of(oneOf(State.values())),
        number());
  }

  private ActiveProducer active() {
    return new ActiveProducer(
        producer(), random.nextInt(), number(), random.nextBoolean(), number());
  }

  private GroupRequest groupRequest() {
    return new GroupRequest(
        (short) random.nextInt(),
        (short) random.nextInt(),
        new GroupRequest.Asker(text(), text(), text()),
        1 + below((int) GroupRequest.WAIT_MS_MAX),
        opaque());
  }

  private OpaqueBytes opaque() {
    byte[] bytes = new byte[below(200)];
    random.nextBytes(bytes);
    return OpaqueBytes.of(bytes);
  }

  private Asked<List<FileOutcome>> commit() {
    List<UploadedFile> files = some(4, this::file);
    List<FileOutcome> outcomes = new ArrayList<>();
    for (UploadedFile file : files) {
      outcomes.add(below(4) == 0 ? new FileOutcome.Expired() : committed(file));
    }
    return new Asked<>(
        Command.of(Sequencer.class, it -> it.commit(agent(), number(), files)), outcomes);
  }

  private UploadedFile file() {
    return new UploadedFile(number(), number(), random.nextInt(), some(5, this::batches));
  }

  private UploadedBatches batches() {
    int rows = 1 + below(6);
    int[] lengths = new int[rows];
    int[] records = new int[rows];
    short[] epochs = new short[rows];
    int[] sequences = new int[rows];
    byte[] transactions = new byte[rows];
    long[] transactionalIds = {};
    int form = below(4);
    for (int i = 0; i < rows; i++) {
      lengths[i] = 1 + below(Integer.MAX_VALUE);
      records[i] = 1 + below(1 << (1 + below(30)));
      epochs[i] = (short) random.nextInt();
      sequences[i] = random.nextInt();
      transactions[i] = (byte) (form < 3 ? form : below(3));
      if (transactions[i] != UploadedBatches.NOT_TRANSACTIONAL) {
        transactionalIds = transactionalIds.length == 0 ? new long[rows] : transactionalIds;
        transactionalIds[i] = below(2) == 0 ? 7 : random.nextLong();
      }
    }
    return new UploadedBatches(
        partition(),
        lengths,
        records,
        numbers(rows),
        numbers(rows),
        epochs,
        sequences,
        transactions,
        transactionalIds);
  }

  private FileOutcome committed(UploadedFile file) {
    List<BatchOutcomes> runs = new ArrayList<>();
    for (UploadedBatches run : file.partitions()) {
      byte[] verdicts = new byte[run.count()];
      for (int i = 0; i < verdicts.length; i++) {
        verdicts[i] = (byte) below(BatchOutcomes.Verdict.values().length);
      }
      runs.add(new BatchOutcomes(verdicts, numbers(run.count()), numbers(run.count()), number()));
    }
    return new FileOutcome.Committed(runs);
  }

  private LeaseOutcome leased() {
    return below(4) == 0
        ? new LeaseOutcome.UnknownAgent()
        : new LeaseOutcome.Leased(number(), 1 + below(10_000), number());
  }

  private Asked<List<ExtentsFound>> find() {
    List<ExtentQuery> queries =
        some(6, () -> new ExtentQuery(partition(), number(), random.nextInt()));
    return new Asked<>(
        Command.of(ExtentIndex.class, it -> it.find(queries)), found(queries.size()));
  }

  private Asked<List<ExtentsFound>> findByTime() {
    List<TimeQuery> queries = some(6, () -> new TimeQuery(partition(), number()));
    return new Asked<>(
        Command.of(ExtentIndex.class, it -> it.findByTime(queries)), found(queries.size()));
  }

  private Asked<List<Long>> sizes() {
    List<PartitionId> partitions = some(6, this::partition);
    return new Asked<>(
        Command.of(ExtentIndex.class, it -> it.sizes(partitions)),
        exactly(partitions.size(), this::number));
  }

  private Asked<List<DeleteOutcome>> deleteRecords() {
    List<RecordsBefore> deletions = some(6, () -> new RecordsBefore(partition(), number()));
    return new Asked<>(
        Command.of(TopicCatalog.class, it -> it.deleteRecords(deletions)),
        exactly(
            deletions.size(),
            () ->
                switch (below(3)) {
                  case 0 -> new DeleteOutcome.Deleted(number());
                  case 1 -> new DeleteOutcome.OutOfRange();
                  default -> new DeleteOutcome.UnknownPartition();
                }));
  }

  private List<ExtentsFound> found(int count) {
    return exactly(
        count,
        () ->
            switch (below(3)) {
              case 0 ->
                  new ExtentsFound.Found(
                      bounds(), some(10, this::span), some(5, this::abortedRange));
              case 1 -> new ExtentsFound.OutOfRange(bounds());
              default -> new ExtentsFound.UnknownPartition();
            });
  }

  private Event event() {
    return switch (below(4)) {
      case 0 -> new Event.Baseline(partition(), bounds());
      case 1 -> new Event.Advanced(partition(), bounds(), some(4, this::span));
      case 2 -> new Event.Gone(partition());
      default -> new Event.CatalogChanged(number());
    };
  }

  private Page page() {
    Optional<Members> members =
        random.nextBoolean()
            ? Optional.empty()
            : Optional.of(
                new Members(
                    random.nextInt(),
                    some(5, () -> new Agent(agent(), zone(), text(), random.nextInt()))));
    return new Page(
        text(),
        random.nextBoolean(),
        some(5, this::topic),
        some(3, this::topicId),
        members,
        position(),
        random.nextBoolean());
  }

  private Position position() {
    return new Position(
        number(), random.nextInt(), random.nextBoolean() ? Optional.empty() : Optional.of(text()));
  }

  private Topic topic() {
    return new Topic(
        topicId(), text(), random.nextInt(), (short) random.nextInt(), number(), settings());
  }

  private NewTopic newTopic() {
    return new NewTopic(topicId(), text(), random.nextInt(), (short) random.nextInt(), settings());
  }

  Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    for (int i = below(4); i > 0; i--) {
      settings.put(text(), text());
    }
    return settings;
  }

  private PartitionBounds bounds() {
    long start = below(1_000);
    long end = start + (Math.abs(number() / 4));
    return new PartitionBounds(start, end, below(2) == 0 ? end : start);
  }

  private Span span() {
    return below(3) == 0 ? marker() : extent();
  }

  private Marker marker() {
    long offset = Math.abs(number() / 4);
    return new Marker(
        offset,
        Math.abs(number() / 4),
        (short) below(Short.MAX_VALUE),
        random.nextBoolean(),
        offset - Math.min(offset, below(1_000)),
        Math.abs(number() / 4));
  }

  private AbortedRange abortedRange() {
    long first = Math.abs(number() / 4);
    return new AbortedRange(Math.abs(number() / 4), first, first + 1 + below(1_000));
  }

  private Extent extent() {
    long base = Math.abs(number() / 4);
    return new Extent(
        below(Integer.MAX_VALUE),
        Math.abs(number() / 4),
        1 + below(Integer.MAX_VALUE),
        base,
        base + below(Integer.MAX_VALUE),
        number(),
        number());
  }

  private AgentId agent() {
    return new AgentId(below(Integer.MAX_VALUE));
  }

  private PartitionId partition() {
    // Few topics, so that the same one often follows itself.
    TopicId topic = below(3) == 0 ? topicId() : new TopicId(7, below(2));
    return new PartitionId(topic, below(Integer.MAX_VALUE));
  }

  private TopicId topicId() {
    return new TopicId(random.nextLong(), random.nextLong());
  }

  private Zone zone() {
    return new Zone(text());
  }

  String text() {
    String[] alphabet = {"a", "Z", "0", ".", "_", "-", "é", "漢", "😀", "\u0000"};
    StringBuilder text = new StringBuilder();
    for (int i = below(8); i > 0; i--) {
      text.append(alphabet[below(alphabet.length)]);
    }
    return text.toString();
  }

  private long[] numbers(int count) {
    long[] numbers = new long[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = number();
    }
    return numbers;
  }

  long number() {
    return switch (below(8)) {
      case 0 -> -1;
      case 1 -> Long.MAX_VALUE;
      case 2 -> Long.MIN_VALUE;
      case 3 -> random.nextLong();
      default -> random.nextLong() >>> below(63);
    };
  }

  int below(int bound) {
    return random.nextInt(bound);
  }

  <T> T oneOf(T[] values) {
    return values[below(values.length)];
  }

  <T> List<T> some(int countBelow, Supplier<T> item) {
    return exactly(below(countBelow), item);
  }

  private static <T> List<T> exactly(int count, Supplier<T> item) {
    List<T> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(item.get());
    }
    return items;
  }
}
