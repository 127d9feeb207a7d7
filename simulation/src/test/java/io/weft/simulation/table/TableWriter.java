package io.weft.simulation.table;

import io.weft.environment.Pending;
import io.weft.simulation.client.Caller;
import io.weft.simulation.cluster.ClientLink;
import io.weft.simulation.cluster.Cluster;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.CreateTopicsResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;

/// Writes values and tombstones, one batch at a time; what was lost on the way is not sent again.
/// Few keys are written all the time; others have one value, soon a tombstone, and nothing after
/// it. A record's number is its time. Runs on a thread of its world.
public final class TableWriter {
  static final String TOPIC = "table";

  private static final short CREATE_VERSION = 7;
  private static final short PRODUCE_VERSION = 9;
  private static final int KEYS = 6;
  private static final int SHORT_LIVED_ONE_IN = 4;
  private static final int RECORDS_MAX = 3;
  private static final int VALUE_BYTES = 40;
  private static final int PAUSE_MS = 600;

  /// More than the ids of files that all agents have leased: in some worlds these expire early, and
  /// each costs an attempt.
  private static final int ATTEMPTS_MAX = 1_000;

  private static final int RETRY_MS = 100;

  /// A key that nobody else writes.
  private static final int DELETED_LAST = 1_000_000;

  /// So often, and so long after the one before, something is written, for the log to be cleaned.
  private static final int CLEANINGS = 4;

  private static final int CLEANING_MS = 30_000;

  private final Caller caller;
  private final TableLedger ledger;
  private final Pending<Boolean> ended = new Pending<>();
  private volatile boolean stopping;

  /// The key that has a value and no tombstone yet, or will have.
  private int shortLived = KEYS;

  private boolean hasValue;

  private TableWriter(Cluster cluster, TableLedger ledger) {
    this.caller = new Caller(cluster, "table-writer");
    this.ledger = ledger;
  }

  /// Creates the topic first.
  public static TableWriter start(Cluster cluster, TableLedger ledger, long deleteRetentionMs)
      throws InterruptedException {
    TableWriter writer = new TableWriter(cluster, ledger);
    while (!writer.isCreated(deleteRetentionMs)) {
      cluster.world().sleepMs(PAUSE_MS);
    }
    cluster.world().start("table-writer", writer::run);
    return writer;
  }

  public void stop() {
    stopping = true;
  }

  public boolean awaitEnd(long timeoutMs) throws InterruptedException {
    return ended.awaitMs(caller.world().environment(), timeoutMs);
  }

  private boolean isCreated(long deleteRetentionMs) throws InterruptedException {
    CreatableTopic topic =
        new CreatableTopic().setName(TOPIC).setNumPartitions(1).setReplicationFactor((short) 1);
    Map.of(
            "cleanup.policy", "compact",
            "max.compaction.lag.ms", "1",
            "delete.retention.ms", Long.toString(deleteRetentionMs))
        .entrySet()
        .stream()
        .sorted(Map.Entry.comparingByKey())
        .map(each -> new CreatableTopicConfig().setName(each.getKey()).setValue(each.getValue()))
        .forEach(topic.configs()::add);
    CreateTopicsRequestData data = new CreateTopicsRequestData().setTimeoutMs(10_000);
    data.topics().add(topic);
    try {
      CreateTopicsResponse response =
          (CreateTopicsResponse)
              caller.ask(new CreateTopicsRequest.Builder(data).build(CREATE_VERSION));
      short code = response.data().topics().iterator().next().errorCode();
      return code == Errors.NONE.code() || code == Errors.TOPIC_ALREADY_EXISTS.code();
    } catch (ClientLink.Lost e) {
      return false;
    }
  }

  /// Writes a key, lets a reader read it, and deletes it; the reader reads on when the log has been
  /// cleaned more than once.
  ///
  /// @return false if that was not possible
  public static boolean deletesBehindReader(Cluster cluster, TableLedger ledger)
      throws InterruptedException {
    TableWriter writer = new TableWriter(cluster, ledger);
    return writer.isWritten(DELETED_LAST, false)
        && TableReader.readAround(cluster, ledger, writer::isDeletedAndCleaned);
  }

  private boolean isDeletedAndCleaned() throws InterruptedException {
    boolean isDone = isWritten(DELETED_LAST, true);
    for (int i = 0; isDone && i < CLEANINGS; i++) {
      caller.world().sleepMs(CLEANING_MS);
      isDone = isWritten(0, false);
    }
    return isDone;
  }

  private boolean isWritten(int key, boolean tombstone) throws InterruptedException {
    for (int i = 0; i < ATTEMPTS_MAX; i++) {
      List<Integer> numbers = new ArrayList<>();
      if (isAcked(numbers, List.of(record(key, tombstone, numbers)))) {
        return true;
      }
      caller.world().sleepMs(RETRY_MS);
    }
    return false;
  }

  private void run() {
    try {
      while (!stopping) {
        write();
        caller.world().sleepMs(1 + caller.weather().upTo(PAUSE_MS));
      }
      ended.complete(true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() throws InterruptedException {
    List<Integer> numbers = new ArrayList<>();
    List<SimpleRecord> records = new ArrayList<>();
    for (int i = caller.weather().upTo(RECORDS_MAX - 1); i >= 0; i--) {
      records.add(
          caller.weather().oneIn(SHORT_LIVED_ONE_IN)
              ? ofShortLived(numbers)
              : record(caller.weather().upTo(KEYS - 1), caller.weather().oneIn(4), numbers));
    }
    isAcked(numbers, records);
  }

  private boolean isAcked(List<Integer> numbers, List<SimpleRecord> records)
      throws InterruptedException {
    Compression codec = caller.weather().oneIn(2) ? Compression.NONE : Compression.lz4().build();
    MemoryRecords batch = MemoryRecords.withRecords(codec, records.toArray(new SimpleRecord[0]));
    ProduceRequestData data = new ProduceRequestData().setAcks((short) -1).setTimeoutMs(8_000);
    TopicProduceData topic = new TopicProduceData().setName(TOPIC);
    topic.partitionData().add(new PartitionProduceData().setIndex(0).setRecords(batch));
    data.topicData().add(topic);
    try {
      ProduceResponse response =
          (ProduceResponse) caller.ask(new ProduceRequest(data, PRODUCE_VERSION));
      PartitionProduceResponse answer =
          response.data().responses().iterator().next().partitionResponses().getFirst();
      if (answer.errorCode() == Errors.NONE.code()) {
        for (int i = 0; i < numbers.size(); i++) {
          ledger.acked(numbers.get(i), answer.baseOffset() + i);
        }
        return true;
      }
    } catch (ClientLink.Lost e) {
      // The next agent may answer.
    }
    caller.leave();
    return false;
  }

  private SimpleRecord ofShortLived(List<Integer> numbers) {
    SimpleRecord next = record(shortLived, hasValue, numbers);
    shortLived += hasValue ? 1 : 0;
    hasValue = !hasValue;
    return next;
  }

  private SimpleRecord record(int key, boolean tombstone, List<Integer> numbers) {
    int number = ledger.sends(key, tombstone);
    numbers.add(number);
    byte[] value = tombstone ? null : new byte[VALUE_BYTES];
    return new SimpleRecord(number, ByteBuffer.allocate(Integer.BYTES).putInt(key).array(), value);
  }
}
