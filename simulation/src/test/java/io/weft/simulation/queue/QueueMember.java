package io.weft.simulation.queue;

import io.weft.simulation.client.Caller;
import io.weft.simulation.client.Notes;
import io.weft.simulation.client.Payload;
import io.weft.simulation.client.Topics;
import io.weft.simulation.cluster.ClientLink;
import io.weft.simulation.cluster.Cluster;
import io.weft.simulation.fault.Sight;
import io.weft.simulation.queue.QueueCalls.Kind;
import io.weft.simulation.queue.QueueCalls.Sender;
import io.weft.simulation.queue.QueueCalls.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData;
import org.apache.kafka.common.message.ShareFetchResponseData;
import org.apache.kafka.common.message.ShareFetchResponseData.AcquiredRecords;
import org.apache.kafka.common.message.ShareFetchResponseData.PartitionData;
import org.apache.kafka.common.message.ShareFetchResponseData.ShareFetchableTopicResponse;
import org.apache.kafka.common.message.ShareGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.common.requests.ShareRequestMetadata;

/// A member of a share group: accepts most of what it is given, releases and rejects some, keeps
/// some for too long, dies now and then with records in its hands, and another one takes its place.
/// Runs on a thread of its world.
public final class QueueMember {
  private static final int WAIT_MS = 300;
  private static final int PAUSE_MS = 400;
  private static final int HANG_MS = 45_000;
  private static final int BEAT_MS = 3_000;

  private final Caller caller;
  private final QueueCalls calls;
  private final Notes notes;
  private final QueueLedger ledger;
  private final List<TopicPartition> partitions;
  private final Map<TopicPartition, List<Verdict>> owed = new LinkedHashMap<>();
  private final List<ClientLink> left = new ArrayList<>();
  private String id = "";
  private int epoch;
  private int memberEpoch;
  private long beatenMs = -BEAT_MS;
  private boolean draining;
  private boolean stopping;

  private QueueMember(
      Cluster cluster,
      Notes notes,
      QueueLedger ledger,
      Topics topics,
      List<TopicPartition> partitions) {
    this.caller = new Caller(cluster, "queue");
    this.calls = new QueueCalls(caller, topics);
    this.notes = notes;
    this.ledger = ledger;
    this.partitions = partitions;
    anew();
  }

  /// Sees to it that the group begins where the partitions do: asks for them before anything is in
  /// them.
  public static void begin(
      Cluster cluster,
      Notes notes,
      QueueLedger ledger,
      Topics topics,
      List<TopicPartition> partitions)
      throws InterruptedException {
    QueueMember first = new QueueMember(cluster, notes, ledger, topics, partitions);
    while (!first.hasBegun()) {
      first.caller.world().sleepMs(PAUSE_MS);
    }
    first.caller.link().breakOff();
  }

  public static QueueMember start(
      Cluster cluster,
      Notes notes,
      QueueLedger ledger,
      Topics topics,
      List<TopicPartition> partitions) {
    QueueMember member = new QueueMember(cluster, notes, ledger, topics, partitions);
    cluster.world().start("queue", member::run);
    return member;
  }

  /// From here on it accepts whatever it is given, at once.
  public void drain() {
    draining = true;
  }

  public void stop() {
    stopping = true;
  }

  private boolean hasBegun() throws InterruptedException {
    try {
      beat();
      ShareFetchResponseData answer = calls.fetch(sender(), partitions, Map.of(), 0).data();
      return answer.errorCode() == Errors.NONE.code()
          && answer.responses().stream()
                  .flatMap(topic -> topic.partitions().stream())
                  .filter(partition -> partition.errorCode() == Errors.NONE.code())
                  .count()
              == partitions.size();
    } catch (ClientLink.Lost e) {
      return false;
    }
  }

  private void run() {
    try {
      while (!stopping) {
        try {
          beat();
          fetch();
          if (!owed.isEmpty() && caller.weather().oneIn(2)) {
            acknowledge();
          }
        } catch (ClientLink.Lost e) {
          lost();
        }
        if (!draining) {
          misbehave();
        }
        caller.world().sleepMs(1 + caller.weather().upTo(PAUSE_MS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Sender sender() {
    return new Sender(id, epoch);
  }

  /// As another member, with a session of its own.
  private void anew() {
    id = "member-" + notes.process();
    memberEpoch = 0;
    beatenMs = -BEAT_MS;
    beginSession();
  }

  private void beginSession() {
    epoch = ShareRequestMetadata.INITIAL_EPOCH;
    owed.clear();
  }

  private void lost() {
    ledger.mayBeLost();
    owed.forEach(this::perhaps);
    beginSession();
  }

  private void misbehave() throws InterruptedException {
    if (caller.weather().oneIn(25)) {
      disconnect();
      owed.clear();
      anew();
    } else if (caller.weather().oneIn(25)) {
      // Others go on at another agent, and may be given what it holds, when its time is over.
      caller.world().sleepMs(caller.weather().upTo(HANG_MS));
    } else if (caller.weather().oneIn(25)) {
      left.add(caller.link());
      caller.leave();
      beginSession();
    }
  }

  /// What a connection had begun ends with it: the agents remember few sessions.
  private void disconnect() throws InterruptedException {
    caller.link().breakOff();
    left.forEach(ClientLink::breakOff);
    left.clear();
  }

  /// The members' rights to records do not depend on it: only a group with members begins.
  private void beat() throws InterruptedException {
    if (caller.world().nowMs() < beatenMs + BEAT_MS) {
      return;
    }
    beatenMs = caller.world().nowMs();
    ShareGroupHeartbeatResponseData answer = calls.beat(id, memberEpoch, partitions);
    Errors error = Errors.forCode(answer.errorCode());
    notes.saw(error.code());
    switch (error) {
      case NONE -> memberEpoch = answer.memberEpoch();
      case UNKNOWN_MEMBER_ID, FENCED_MEMBER_EPOCH -> memberEpoch = 0;
      case COORDINATOR_LOAD_IN_PROGRESS,
          COORDINATOR_NOT_AVAILABLE,
          NOT_COORDINATOR,
          REQUEST_TIMED_OUT -> {}
      default -> notes.complain("a share group's heartbeat was answered %s", error);
    }
  }

  private void fetch() throws InterruptedException {
    long askedAt = ledger.moment();
    List<TopicPartition> named =
        epoch == ShareRequestMetadata.INITIAL_EPOCH ? partitions : List.of();
    Map<TopicPartition, List<Verdict>> said = new LinkedHashMap<>(owed);
    ShareFetchResponseData answer = calls.fetch(sender(), named, said, WAIT_MS).data();
    if (refused(Errors.forCode(answer.errorCode()))) {
      return;
    }
    owed.clear();
    for (ShareFetchableTopicResponse topic : answer.responses()) {
      for (PartitionData partition : topic.partitions()) {
        TopicPartition where = calls.partition(topic.topicId(), partition.partitionIndex());
        List<Verdict> verdicts = said.remove(where);
        if (verdicts != null) {
          told(where, verdicts, Errors.forCode(partition.acknowledgeErrorCode()));
        }
        given(where, partition, askedAt);
      }
    }
    said.forEach(this::perhaps);
  }

  private void given(TopicPartition where, PartitionData partition, long askedAt) {
    Errors error = Errors.forCode(partition.errorCode());
    notes.saw(error.code());
    if (error == Errors.UNKNOWN_SERVER_ERROR) {
      notes.complain("a share fetch of %s was answered %s", where, error);
    }
    Map<Long, Long> values = values(where, partition);
    for (AcquiredRecords run : partition.acquiredRecords()) {
      for (long offset = run.firstOffset(); offset <= run.lastOffset(); offset++) {
        Long value = values.get(offset);
        if (value == null) {
          notes.complain("%s at %d is given without its record", where, offset);
          continue;
        }
        ledger.given(where, offset, value, run.deliveryCount(), askedAt);
      }
      judge(where, run.firstOffset(), run.lastOffset());
    }
  }

  private Map<Long, Long> values(TopicPartition where, PartitionData partition) {
    Map<Long, Long> values = new HashMap<>();
    if (partition.records() instanceof Records records) {
      for (RecordBatch batch : records.batches()) {
        batch.ensureValid();
        for (Record record : batch) {
          values.put(record.offset(), Payload.value(record.value()).orElse(-1));
        }
      }
    }
    if (values.containsValue(-1L)) {
      notes.complain("%s gave what is no value anybody sends", where);
    }
    return values;
  }

  /// In one piece or in two, with something to be said of each, or nothing.
  private void judge(TopicPartition where, long first, long last) {
    if (draining) {
      say(where, new Verdict(first, last, Kind.ACCEPT));
      return;
    }
    long cut = first + caller.weather().upTo((int) (last - first));
    judgeOne(where, first, cut);
    if (cut < last) {
      judgeOne(where, cut + 1, last);
    }
  }

  private void judgeOne(TopicPartition where, long first, long last) {
    switch (caller.weather().upTo(19)) {
      case 0, 1, 2 -> say(where, new Verdict(first, last, Kind.RELEASE));
      case 3 -> say(where, new Verdict(first, last, Kind.REJECT));
      case 4 -> {
        // Forgotten: until its time is over.
      }
      default -> say(where, new Verdict(first, last, Kind.ACCEPT));
    }
  }

  private void say(TopicPartition where, Verdict verdict) {
    owed.computeIfAbsent(where, _ -> new ArrayList<>()).add(verdict);
  }

  private void acknowledge() throws InterruptedException {
    Map<TopicPartition, List<Verdict>> said = new LinkedHashMap<>(owed);
    ShareAcknowledgeResponseData answer = calls.acknowledge(sender(), said).data();
    if (refused(Errors.forCode(answer.errorCode()))) {
      return;
    }
    owed.clear();
    for (ShareAcknowledgeResponseData.ShareAcknowledgeTopicResponse topic : answer.responses()) {
      for (ShareAcknowledgeResponseData.PartitionData partition : topic.partitions()) {
        TopicPartition where = calls.partition(topic.topicId(), partition.partitionIndex());
        told(where, said.remove(where), Errors.forCode(partition.errorCode()));
      }
    }
    said.forEach(this::perhaps);
  }

  /// @return whether the whole request was refused, and nothing of it done
  private boolean refused(Errors error) {
    notes.saw(error.code());
    if (error == Errors.NONE) {
      epoch = ShareRequestMetadata.nextEpoch(epoch);
      return false;
    }
    switch (error) {
      case SHARE_SESSION_NOT_FOUND, INVALID_SHARE_SESSION_EPOCH, SHARE_SESSION_LIMIT_REACHED -> {}
      default -> notes.complain("a share group's member was answered %s", error);
    }
    beginSession();
    return true;
  }

  private void told(TopicPartition where, List<Verdict> verdicts, Errors error) {
    notes.saw(error.code());
    switch (error) {
      case NONE -> verdicts.forEach(verdict -> taken(where, verdict));
      // Of offsets that a new leader has never given to anybody, it says as Kafka does: a bad
      // request.
      case INVALID_RECORD_STATE, INVALID_REQUEST -> {
        caller.weather().saw(Sight.QUEUE_ACKNOWLEDGED_TOO_LATE);
        perhaps(where, verdicts);
      }
      case NOT_LEADER_OR_FOLLOWER, UNKNOWN_TOPIC_OR_PARTITION, UNKNOWN_TOPIC_ID ->
          perhaps(where, verdicts);
      default -> {
        notes.complain("an acknowledgement of %s was answered %s", where, error);
        perhaps(where, verdicts);
      }
    }
  }

  private void taken(TopicPartition where, Verdict verdict) {
    if (!verdict.kind().finishes()) {
      return;
    }
    caller
        .weather()
        .saw(verdict.kind() == Kind.ACCEPT ? Sight.QUEUE_ACCEPTED : Sight.QUEUE_REJECTED);
    for (long offset = verdict.first(); offset <= verdict.last(); offset++) {
      ledger.done(where, offset);
    }
  }

  private void perhaps(TopicPartition where, List<Verdict> verdicts) {
    for (Verdict verdict : verdicts) {
      if (verdict.kind().finishes()) {
        for (long offset = verdict.first(); offset <= verdict.last(); offset++) {
          ledger.perhapsDone(where, offset);
        }
      }
    }
  }
}
