package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.clients.Deadline;
import io.weft.server.process.RawClient;
import io.weft.server.process.WeftProcess;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.requests.FetchRequest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A cache that is larger than the heap holds what it may, whatever clients take or do not take.
@Order(1)
class CacheOutsideHeapTest {
  private static final long MIB = 1 << 20;

  /// What the JVM has of its own beside the heap and the cache: classes, code, threads, buffers.
  private static final long REST_BYTES_MAX = 320 * MIB;

  private static final List<String> SMALL_HEAP =
      List.of("-ea:io.weft...", "-Xmx96m", "-XX:+UseG1GC", "-XX:+ExitOnOutOfMemoryError");

  private static final int RECORD_BYTES = 16 << 10;
  private static final int RECORDS = 9_600;
  private static final int PARTITIONS = 3;
  private static final int SLOW_READERS = 24;

  /// What all of them ask for fits into what answers may hold: others do not wait for them.
  private static final int ANSWER_BYTES = 256 << 10;

  /// More of them than the system's buffers take.
  private static final int ANSWERS_ASKED = 60;

  @TempDir Path folder;

  /// One that holds all records, and one that lets most of them go while they are read.
  @ParameterizedTest
  @ValueSource(longs = {256 * MIB, 48 * MIB})
  void aCacheOfAnySizeStaysWithinItBesideManySlowReaders(long cacheBytes) throws Exception {
    List<String> arguments =
        List.of(
            "dev",
            "--port",
            "0",
            "--cache-bytes",
            Long.toString(cacheBytes),
            "--metrics-listen",
            "127.0.0.1:0");
    try (WeftProcess weft = WeftProcess.start(folder, SMALL_HEAP, arguments)) {
      RoundTrip records = new RoundTrip(weft.address(), "t", RECORD_BYTES);
      records.createTopic(PARTITIONS);
      records.produce("none", RECORDS);
      List<RawClient> slow = new ArrayList<>();
      try {
        for (int i = 0; i < SLOW_READERS; i++) {
          slow.add(askingMuch(weft.port()));
        }
        assertThat(records.consumeAndCompare(weft.address())).isEqualTo(RECORDS);
        assertThat(weft.metric("weft_cache_memory_used_bytes"))
            .as("beside a heap of 96 MiB")
            .isGreaterThan(Math.min(120.0 * MIB, cacheBytes / 2.0))
            .isLessThanOrEqualTo((double) cacheBytes);
        assertThat(weft.metric("weft_cache_memory_allocated_bytes"))
            .isLessThanOrEqualTo((double) cacheBytes);
        assertThat(residentBytes(weft)).isLessThan(96 * MIB + cacheBytes + REST_BYTES_MAX);
      } finally {
        for (RawClient client : slow) {
          client.close();
        }
      }
      awaitNothingHeldByReaders(weft);
      assertThat(records.consumeAndCompare(weft.address())).isEqualTo(RECORDS);
    }
  }

  /// A client that asks for all and reads nothing.
  private static RawClient askingMuch(int port) throws Exception {
    FetchTopic wanted = new FetchTopic().setTopic("t");
    for (int i = 0; i < PARTITIONS; i++) {
      wanted
          .partitions()
          .add(new FetchPartition().setPartition(i).setPartitionMaxBytes(ANSWER_BYTES));
    }
    FetchRequest request =
        new FetchRequest(
            new FetchRequestData()
                .setMaxWaitMs(500)
                .setMinBytes(1)
                .setMaxBytes(ANSWER_BYTES)
                .setSessionEpoch(-1)
                .setTopics(List.of(wanted)),
            (short) 12);
    RawClient client = new RawClient(port);
    try {
      for (int i = 0; i < ANSWERS_ASKED; i++) {
        client.send(client.header(request.apiKey(), request.version()), request);
      }
    } catch (SocketException e) {
      // Closed for being slow already.
    }
    return client;
  }

  /// Their answers are let go once their connections are seen to be closed.
  private static void awaitNothingHeldByReaders(WeftProcess weft) throws Exception {
    Deadline deadline = Deadline.usual();
    while (weft.metric("weft_cache_memory_readers_bytes") > 0) {
      deadline.check("readers that have gone hold memory of the cache");
    }
  }

  private static long residentBytes(WeftProcess weft) throws Exception {
    String status = Files.readString(Path.of("/proc/%d/status".formatted(weft.process().pid())));
    Matcher resident = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB$").matcher(status);
    assertThat(resident.find()).isTrue();
    return Long.parseLong(resident.group(1)) << 10;
  }
}
