package io.weft.agent.api.share;

import io.weft.agent.api.fetch.TopicLookup;
import io.weft.agent.fetch.Asker;
import io.weft.agent.fetch.FetchOrder;
import io.weft.agent.fetch.FetchOrder.Want;
import io.weft.agent.fetch.Fetched;
import io.weft.agent.fetch.Isolation;
import io.weft.agent.fetch.LogFetcher.AtOnce;
import io.weft.agent.fetch.LogFetcher.Known;
import io.weft.agent.fetch.OffsetSearch.Found;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.ExtentIndex.TimeQuery;
import io.weft.controlplane.api.ShareGroups;
import io.weft.controlplane.api.ShareGroups.AcknowledgeOrder;
import io.weft.controlplane.api.ShareGroups.AcknowledgedPartition;
import io.weft.controlplane.api.ShareGroups.AcknowledgedRun;
import io.weft.controlplane.api.ShareGroups.Acknowledgement;
import io.weft.controlplane.api.ShareGroups.AcquireOrder;
import io.weft.controlplane.api.ShareGroups.Acquired;
import io.weft.controlplane.api.ShareGroups.AcquiredRun;
import io.weft.controlplane.api.ShareGroups.Acquisition;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.model.PartitionId;
import io.weft.protocol.record.StampedRecords;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.message.ShareFetchResponseData.AcquiredRecords;
import org.apache.kafka.common.message.ShareFetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One share fetch being answered: acquire, read, give back what was not read; where there is
/// nothing to acquire, wait and do it again. Owned by the thread that handles the request.
///
/// It waits for nothing while it holds records: others may have them meanwhile. Where the answer
/// has no room, all of them are given back, undelivered; then it waits for room, and acquires
/// again.
///
/// New records wake it by the stream of commits. Records that others give back do not: as long as
/// others hold some, it asks again every now and then.
final class ShareRound {
  private static final Logger LOG = LoggerFactory.getLogger(ShareRound.class);

  /// How long it takes at most to hear of records that others gave back.
  private static final long ASK_AGAIN_MS = 200;

  /// No answer has more bytes than this, but for its first batch.
  private static final int BYTES_MAX = 55 * 1024 * 1024;

  /// However long a client would wait, its connection reads nothing meanwhile.
  private static final int WAIT_MS_MAX = 30_000;

  private final ShareReading reading;
  private final Member member;
  private final ShareFetchRequestData request;
  private final Asker asker;
  private final SequencedMap<SharePart, PartitionData> answers = new LinkedHashMap<>();
  private final Map<PartitionId, SharePart> wanted = new LinkedHashMap<>();

  /// What is said of acquired records in the member's place, in offset order.
  private final SequencedMap<PartitionId, List<AcknowledgedRun>> saidBack = new LinkedHashMap<>();

  ShareRound(ShareReading reading, Member member, ShareFetchRequestData request, Asker asker) {
    this.reading = reading;
    this.member = member;
    this.request = request;
    this.asker = asker;
  }

  /// @param lockMs how long the member may keep the records, if it has got any
  record Served(SequencedMap<SharePart, PartitionData> answers, Optional<Integer> lockMs) {}

  /// Blocks for as long as the request waits.
  ///
  /// @return an answer for each partition
  Served serve(List<SharePart> parts) throws InterruptedException {
    TopicLookup topics = new TopicLookup(reading.catalog());
    parts.forEach(part -> resolve(part, topics));
    if (wanted.isEmpty()) {
      return new Served(answers, Optional.empty());
    }
    long deadlineMs = nowMs() + Math.clamp(request.maxWaitMs(), 0, WAIT_MS_MAX);
    while (true) {
      long leftMs = deadlineMs - nowMs();
      List<PartitionId> ids =
          wanted.keySet().stream().limit(ShareGroups.PARTITIONS_PER_CALL_MAX).toList();
      Acquisition acquisition;
      try {
        acquisition = acquire(ids, leftMs <= 0);
      } catch (ControlPlaneException failure) {
        LOG.warn("Nothing is acquired for {}: {}", member.id(), failure.getMessage());
        wanted.values().forEach(part -> fail(part, Errors.NOT_LEADER_OR_FOLLOWER));
        return new Served(answers, Optional.empty());
      }
      List<Held> held = held(ids, acquisition);
      if (!held.isEmpty() || leftMs <= 0) {
        OptionalLong bytesMissing = read(held, isolation(acquisition));
        giveBack();
        if (bytesMissing.isEmpty()) {
          return new Served(answers, Optional.of(acquisition.lockMs()));
        }
        asker.makeRoom(bytesMissing.getAsLong());
      } else {
        asker.leaveRoom();
        await(ids, acquisition, leftMs);
      }
    }
  }

  private void resolve(SharePart part, TopicLookup topics) {
    Optional<Topic> topic = topics.topic(part.topicId());
    if (topic.isEmpty()) {
      fail(part, topics.absent(Errors.UNKNOWN_TOPIC_ID, Errors.NOT_LEADER_OR_FOLLOWER));
      return;
    }
    Optional<PartitionId> id = topics.partition(topic.get(), part.partition());
    if (id.isEmpty()) {
      fail(part, topics.absent(Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.NOT_LEADER_OR_FOLLOWER));
    } else {
      wanted.put(id.get(), part);
    }
  }

  private Acquisition acquire(List<PartitionId> ids, boolean whateverThereIs)
      throws InterruptedException {
    Acquisition acquisition = reading.groups().acquire(order(ids, whateverThereIs));
    if (acquisition.partitions().stream().noneMatch(Acquired.NeedsStart.class::isInstance)) {
      return acquisition;
    }
    boolean started = false;
    for (int i = 0; i < ids.size(); i++) {
      if (acquisition.partitions().get(i) instanceof Acquired.NeedsStart(long sinceMs)) {
        started |= start(ids.get(i), sinceMs);
      }
    }
    boolean nothingYet =
        acquisition.partitions().stream()
            .noneMatch(each -> each instanceof Acquired.Runs runs && !runs.runs().isEmpty());
    return started && nothingYet
        ? reading.groups().acquire(order(ids, whateverThereIs))
        : acquisition;
  }

  private AcquireOrder order(List<PartitionId> ids, boolean whateverThereIs) {
    return new AcquireOrder(
        reading.environment().randomness().nextLong(),
        member.group(),
        member.id(),
        ids,
        Math.max(0, request.maxRecords()),
        bytesMax(),
        whateverThereIs ? 0 : Math.min(request.minBytes(), bytesMax()));
  }

  /// Finds the first record of that time or later; where there is none, the next one will be.
  private boolean start(PartitionId id, long sinceMs) throws InterruptedException {
    Found found = reading.search().byTime(List.of(new TimeQuery(id, sinceMs))).getFirst();
    return switch (found) {
      case Found.Located located ->
          reading.groups().startAt(member.group(), id, located.record().offset());
      case Found.NoRecord none ->
          reading.groups().startAt(member.group(), id, none.bounds().highWatermark());
      case Found.Bounds bounds ->
          reading.groups().startAt(member.group(), id, bounds.bounds().highWatermark());
      case Found.UnknownPartition _, Found.Unreadable _, Found.Unplaced _ -> false;
    };
  }

  private List<Held> held(List<PartitionId> ids, Acquisition acquisition) {
    List<Held> held = new ArrayList<>();
    for (int i = 0; i < ids.size(); i++) {
      SharePart part = wanted.get(ids.get(i));
      switch (acquisition.partitions().get(i)) {
        case Acquired.Runs runs -> {
          answers.put(part, nothing(part));
          if (!runs.runs().isEmpty()) {
            held.add(new Held(part, ids.get(i), runs.runs()));
          }
        }
        case Acquired.NeedsStart _ -> answers.put(part, nothing(part));
        case Acquired.NotBegun _ -> fail(part, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        case Acquired.UnknownPartition _ -> fail(part, Errors.UNKNOWN_TOPIC_ID);
      }
    }
    return held;
  }

  private void await(List<PartitionId> ids, Acquisition acquisition, long leftMs)
      throws InterruptedException {
    Isolation isolation = isolation(acquisition);
    List<Known> known = new ArrayList<>();
    boolean askAgain = false;
    for (int i = 0; i < ids.size(); i++) {
      switch (acquisition.partitions().get(i)) {
        case Acquired.Runs runs -> {
          known.add(new Known(ids.get(i), isolation.end(runs.bounds())));
          askAgain |= runs.lockedElsewhere();
        }
        case Acquired.NeedsStart _, Acquired.NotBegun _, Acquired.UnknownPartition _ ->
            askAgain = true;
      }
    }
    long waitMs = askAgain ? Math.min(leftMs, ASK_AGAIN_MS) : leftMs;
    long bytesMin = Math.max(1, request.minBytes());
    asker.whileWanted(() -> reading.fetcher().awaitMore(known, isolation, bytesMin, waitMs));
  }

  /// @return the bytes that the answer needs room for, if that is why nothing is read
  private OptionalLong read(List<Held> held, Isolation isolation) throws InterruptedException {
    List<Want> wants =
        held.stream()
            .map(each -> new Want(each.id(), each.first(), bytesMax(), each.end()))
            .toList();
    FetchOrder order = new FetchOrder(wants, bytesMax(), 0, 0, isolation);
    return switch (reading.fetcher().fetchAtOnce(order, asker)) {
      case AtOnce.NoRoom(long bytes) -> {
        held.forEach(each -> keepBack(each, each.first()));
        yield OptionalLong.of(bytes);
      }
      case AtOnce.Read(List<Fetched> fetched) -> {
        answer(held, fetched);
        yield OptionalLong.empty();
      }
    };
  }

  private void answer(List<Held> held, List<Fetched> fetched) {
    for (int i = 0; i < held.size(); i++) {
      Held each = held.get(i);
      switch (fetched.get(i)) {
        case Fetched.Records records -> deliver(each, records);
        case Fetched.OutOfRange _ -> keepBack(each, each.first());
        case Fetched.UnknownPartition _ -> fail(each.part(), Errors.UNKNOWN_TOPIC_ID);
        case Fetched.Unreadable _ -> {
          keepBack(each, each.first());
          fail(each.part(), Errors.KAFKA_STORAGE_ERROR);
        }
        case Fetched.Damaged _ -> {
          keepBack(each, each.first());
          fail(each.part(), Errors.CORRUPT_MESSAGE);
        }
        case Fetched.Unplaced _ -> {
          keepBack(each, each.first());
          fail(each.part(), Errors.NOT_LEADER_OR_FOLLOWER);
        }
      }
    }
  }

  /// Records of aborted transactions are done with, without the member's seeing them.
  private void deliver(Held held, Fetched.Records fetched) {
    StampedRecords records = fetched.records();
    List<AcquiredRun> reached = held.before(records.end());
    DeadBatches dead = DeadBatches.in(records, fetched.aborted());
    sayBack(held, dead.of(reached), Acknowledgement.GAP);
    keepBack(held, Math.max(held.first(), records.end()));
    List<AcquiredRun> delivered = dead.outside(reached);
    if (!delivered.isEmpty()) {
      answers
          .get(held.part())
          .setRecords(records)
          .setAcquiredRecords(
              delivered.stream()
                  .map(
                      run ->
                          new AcquiredRecords()
                              .setFirstOffset(run.firstOffset())
                              .setLastOffset(run.lastOffset())
                              .setDeliveryCount((short) run.deliveries()))
                  .toList());
    }
  }

  /// Notes that the records from this offset on do not reach the member.
  private void keepBack(Held held, long offset) {
    sayBack(held, held.from(offset), Acknowledgement.UNDELIVERED);
  }

  private void sayBack(Held held, List<AcquiredRun> runs, Acknowledgement kind) {
    for (AcquiredRun run : runs) {
      saidBack
          .computeIfAbsent(held.id(), _ -> new ArrayList<>())
          .add(new AcknowledgedRun(run.firstOffset(), run.lastOffset(), kind));
    }
  }

  private void giveBack() {
    if (saidBack.isEmpty()) {
      return;
    }
    List<AcknowledgedPartition> said =
        saidBack.entrySet().stream()
            .map(each -> new AcknowledgedPartition(each.getKey(), each.getValue()))
            .toList();
    try {
      reading
          .groups()
          .acknowledge(
              new AcknowledgeOrder(
                  reading.environment().randomness().nextLong(),
                  member.group(),
                  member.id(),
                  said));
    } catch (ControlPlaneException failure) {
      LOG.warn("Records of {} wait for their time limit: {}", member.id(), failure.getMessage());
    }
    saidBack.clear();
  }

  private static Isolation isolation(Acquisition acquisition) {
    return acquisition.committedOnly() ? Isolation.READ_COMMITTED : Isolation.READ_UNCOMMITTED;
  }

  private int bytesMax() {
    return Math.clamp(request.maxBytes(), 1, BYTES_MAX);
  }

  private long nowMs() {
    return reading.environment().clock().monotonicMs();
  }

  private void fail(SharePart part, Errors error) {
    answers.put(part, nothing(part).setErrorCode(error.code()).setErrorMessage(error.message()));
  }

  private static PartitionData nothing(SharePart part) {
    return new PartitionData().setPartitionIndex(part.partition()).setRecords(MemoryRecords.EMPTY);
  }
}
