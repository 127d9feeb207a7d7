package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.clients.Deadline;
import io.weft.server.process.WeftProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A consumer whose minimum is as large as its limits waits for nothing while there is plenty: each
/// wait would last for longer than the test may.
class FetchMinBytesTest {
  private static final int MIB = 1 << 20;
  private static final int RECORDS = 20_000;
  private static final int VALUE_BYTES = 1024;
  private static final String WAIT_MS = "290000";

  @TempDir static Path folder;

  private static WeftProcess weft;

  @BeforeAll
  static void start() throws Exception {
    weft = WeftProcess.dev(folder);
    RoundTrip records = new RoundTrip(weft.address(), "t", VALUE_BYTES);
    records.createTopic(2);
    records.produce("none", RECORDS);
  }

  @AfterAll
  static void stop() {
    weft.close();
  }

  @ParameterizedTest
  @CsvSource({"1048576, 52428800", "2097152, 52428800", "2000000, 2000000", "5000000, 2000000"})
  @Timeout(120)
  void aFullPartitionIsEnough(int bytesMin, int bytesMax) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", weft.address());
    settings.put("fetch.min.bytes", bytesMin);
    settings.put("fetch.max.bytes", bytesMax);
    settings.put("max.partition.fetch.bytes", MIB);
    settings.put("fetch.max.wait.ms", WAIT_MS);
    settings.put("request.timeout.ms", "300000");
    settings.put("auto.offset.reset", "earliest");
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(new TopicPartition("t", 0), new TopicPartition("t", 1)));
      int enough = RECORDS - 4 * MIB / VALUE_BYTES;
      int count = 0;
      Deadline deadline = Deadline.usual();
      while (count < enough) {
        count += consumer.poll(Duration.ofSeconds(1)).count();
        deadline.check("only %d of %d records came", count, enough);
      }
      assertThat(count).isGreaterThanOrEqualTo(enough);
    }
  }
}
