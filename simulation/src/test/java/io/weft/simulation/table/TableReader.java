package io.weft.simulation.table;

import io.weft.simulation.client.Caller;
import io.weft.simulation.cluster.ClientLink;
import io.weft.simulation.cluster.Cluster;
import io.weft.simulation.table.TableLedger.Seen;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;

/// Reads a compacted topic from its start to its end, slowly, again and again. Runs on a thread of
/// its world.
public final class TableReader {
  private static final short FETCH_VERSION = 12;
  private static final int BYTES_MAX = 1_000;
  private static final int PAUSE_MS = 1_500;

  /// What was just written need not be readable at once: all attempts together take seconds.
  private static final int SHORT_PAUSE_MS = 400;

  /// Long enough for a log to be cleaned twice behind the reader's back.
  private static final int LONG_PAUSE_MS = 60_000;

  private static final int LONG_PAUSE_ONE_IN = 6;

  /// Of one reading; what was not readable for so long is not judged.
  private static final int ATTEMPTS_MAX = 50;

  private final Caller caller;
  private final TableLedger ledger;
  private final TopicPartition partition = new TopicPartition(TableWriter.TOPIC, 0);
  private volatile boolean stopping;

  private TableReader(Cluster cluster, TableLedger ledger) {
    this.caller = new Caller(cluster, "table-reader");
    this.ledger = ledger;
  }

  public static TableReader start(Cluster cluster, TableLedger ledger) {
    TableReader reader = new TableReader(cluster, ledger);
    cluster.world().start("table-reader", reader::run);
    return reader;
  }

  public void stop() {
    stopping = true;
  }

  /// Reads all there is, hardly pausing, waits for what happens meanwhile, and reads on.
  ///
  /// @return false if that was not possible
  static boolean readAround(Cluster cluster, TableLedger ledger, Meanwhile meanwhile)
      throws InterruptedException {
    TableReader reader = new TableReader(cluster, ledger);
    long beganMs = cluster.world().nowMs();
    TreeMap<Long, Seen> seen = new TreeMap<>();
    OptionalLong first = reader.readOn(0, seen, SHORT_PAUSE_MS);
    if (first.isEmpty() || !meanwhile.happens()) {
      return false;
    }
    OptionalLong end = reader.readOn(first.getAsLong(), seen, SHORT_PAUSE_MS);
    end.ifPresent(it -> ledger.read(seen, it, cluster.world().nowMs() - beganMs));
    return end.isPresent();
  }

  interface Meanwhile {
    /// @return false if it did not
    boolean happens() throws InterruptedException;
  }

  private void run() {
    try {
      while (!stopping) {
        read();
        caller.world().sleepMs(1 + caller.weather().upTo(PAUSE_MS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read() throws InterruptedException {
    long beganMs = caller.world().nowMs();
    TreeMap<Long, Seen> seen = new TreeMap<>();
    readOn(0, seen, PAUSE_MS)
        .ifPresent(end -> ledger.read(seen, end, caller.world().nowMs() - beganMs));
  }

  /// @return the log's end
  private OptionalLong readOn(long from, Map<Long, Seen> seen, int pauseMsMax)
      throws InterruptedException {
    long position = from;
    int failed = 0;
    while (!stopping && failed < ATTEMPTS_MAX) {
      long next = position;
      try {
        PartitionData answer = fetch(position);
        next = answer.errorCode() == Errors.NONE.code() ? take(answer, position, seen) : position;
        if (answer.errorCode() == Errors.NONE.code() && next >= answer.highWatermark()) {
          return OptionalLong.of(next);
        }
      } catch (ClientLink.Lost e) {
        caller.leave();
      }
      failed = next > position ? 0 : failed + 1;
      if (next == position) {
        caller.leave();
      }
      position = next;
      boolean isLong = pauseMsMax == PAUSE_MS && caller.weather().oneIn(LONG_PAUSE_ONE_IN);
      caller.world().sleepMs(1 + caller.weather().upTo(isLong ? LONG_PAUSE_MS : pauseMsMax));
    }
    return OptionalLong.empty();
  }

  private PartitionData fetch(long offset) throws InterruptedException {
    FetchRequest.PartitionData wanted =
        new FetchRequest.PartitionData(
            Uuid.ZERO_UUID,
            offset,
            FetchRequest.INVALID_LOG_START_OFFSET,
            BYTES_MAX,
            Optional.empty());
    FetchResponse response =
        (FetchResponse)
            caller.ask(
                FetchRequest.Builder.forConsumer(FETCH_VERSION, 0, 1, Map.of(partition, wanted))
                    .build(FETCH_VERSION));
    return response.responseData(Map.of(), FETCH_VERSION).get(partition);
  }

  /// @return where to go on
  private static long take(PartitionData answer, long position, Map<Long, Seen> seen) {
    long next = position;
    for (RecordBatch batch : FetchResponse.recordsOrFail(answer).batches()) {
      batch.ensureValid();
      next = Math.max(next, batch.nextOffset());
      for (Record each : batch) {
        if (each.offset() >= position) {
          Seen one = new Seen(each.key().getInt(), (int) each.timestamp(), !each.hasValue());
          seen.put(each.offset(), one);
        }
      }
    }
    return next;
  }
}
