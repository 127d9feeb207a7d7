package io.weft.agent.cleaning;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestException;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.server.util.Scheduler;
import org.apache.kafka.storage.internals.log.Cleaner;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.LogSegment;
import org.apache.kafka.storage.internals.log.LogToClean;
import org.apache.kafka.storage.internals.log.ProducerStateManagerConfig;
import org.apache.kafka.storage.internals.log.SkimpyOffsetMap;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.apache.kafka.storage.internals.utils.Throttler;
import org.apache.kafka.storage.log.metrics.BrokerTopicStats;

/// A partition as a Kafka broker has it on its disk, cleaned by Kafka's own log cleaner.
final class KafkaLog implements AutoCloseable {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final double LOAD = 0.9;

  private final Path folder;
  private final UnifiedLog log;
  private final Cleaner cleaner;
  private long dirtyFrom;

  /// @param mapBytes of the map of keys
  KafkaLog(Path under, long deleteRetentionMs, int mapBytes) {
    try {
      folder = Files.createTempDirectory(under, "kafka");
      File partition = folder.resolve("t-0").toFile();
      Files.createDirectory(partition.toPath());
      LogConfig config =
          new LogConfig(
              Map.of(
                  "cleanup.policy", "compact",
                  "delete.retention.ms", Long.toString(deleteRetentionMs),
                  "segment.index.bytes", "1200",
                  "file.delete.delay.ms", "0"));
      log =
          UnifiedLog.create(
              partition,
              config,
              0,
              0,
              new NowScheduler(),
              new BrokerTopicStats(),
              Time.SYSTEM,
              Integer.MAX_VALUE,
              new ProducerStateManagerConfig(Integer.MAX_VALUE, false),
              Integer.MAX_VALUE,
              new LogDirFailureChannel(1),
              true,
              Optional.empty());
      cleaner =
          new Cleaner(
              0,
              new SkimpyOffsetMap(mapBytes),
              BUFFER_BYTES,
              BUFFER_BYTES,
              LOAD,
              new Throttler(Double.MAX_VALUE, Integer.MAX_VALUE, "cleaner", "bytes", Time.SYSTEM),
              Time.SYSTEM,
              _ -> {});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /// @param batch with its offsets
  void append(ByteBuffer batch) throws IOException {
    log.appendAsFollower(MemoryRecords.readableRecords(batch.duplicate()), 0);
    log.updateHighWatermark(log.logEndOffset());
  }

  void roll() throws IOException {
    if (log.logSegments().getLast().size() > 0) {
      log.roll();
    }
  }

  /// Up to where it can be cleaned: the begin of the stretch on disk that has what is not stable.
  long cleanableEnd() {
    long end = 0;
    for (LogSegment segment : log.logSegments()) {
      if (segment.baseOffset() <= log.lastStableOffset()) {
        end = segment.baseOffset();
      }
    }
    return end;
  }

  /// In as many rounds as it takes.
  void clean(long end, long nowMs) throws IOException, DigestException {
    while (dirtyFrom < end) {
      dirtyFrom = cleaner.doClean(new LogToClean(log, dirtyFrom, end, false), nowMs).getKey();
    }
  }

  /// What is left, markers aside, if it has records.
  List<RecordBatch> batches() {
    List<RecordBatch> batches = new ArrayList<>();
    for (LogSegment segment : log.logSegments()) {
      for (RecordBatch batch : segment.log().batches()) {
        if (!batch.isControlBatch() && batch.iterator().hasNext()) {
          batches.add(batch);
        }
      }
    }
    return batches;
  }

  @Override
  public void close() throws IOException {
    log.close();
    Utils.delete(folder.toFile());
  }

  /// Does at once what is to be done once, and nothing again and again.
  private static final class NowScheduler implements Scheduler {
    @Override
    public void startup() {}

    @Override
    public void shutdown() {}

    @Override
    public ScheduledFuture<?> schedule(String name, Runnable task, long delayMs, long periodMs) {
      if (periodMs < 0 && !name.contains("flush")) {
        task.run();
      }
      return new Never();
    }

    @Override
    public void resizeThreadPool(int newSize) {}
  }

  /// A task that is not to come.
  private static final class Never extends FutureTask<Void> implements ScheduledFuture<Void> {
    Never() {
      super(() -> null);
    }

    @Override
    public long getDelay(TimeUnit unit) {
      return Long.MAX_VALUE;
    }

    @Override
    public int compareTo(Delayed other) {
      return 0;
    }
  }
}
