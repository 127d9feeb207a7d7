package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.process.WeftProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The standard Java producer and an assigned consumer against `weft dev`: what was sent comes back
/// byte for byte, in order, at dense offsets.
class RealClientsTest {
  /// Of each combination; a million with `-Dweft.records=1000000`.
  private static final int RECORDS = Integer.getInteger("weft.records", 4_000);

  private static final int VALUE_BYTES = Integer.getInteger("weft.record.bytes", 256);

  @TempDir static Path folder;

  private static WeftProcess weft;

  @BeforeAll
  static void start() throws InterruptedException {
    weft = WeftProcess.dev(folder);
  }

  @AfterAll
  static void stop() {
    weft.close();
  }

  @ParameterizedTest
  @MethodSource("codecsAndPartitions")
  void givesBackWhatWasSent(String codec, int partitions) throws Exception {
    String topic = "round-trip-%s-%d".formatted(codec, partitions);
    RoundTrip roundTrip = new RoundTrip(weft.address(), topic, VALUE_BYTES);
    roundTrip.createTopic(partitions);

    roundTrip.produce(codec, RECORDS);

    assertThat(roundTrip.consumeAndCompare(weft.address())).isEqualTo(RECORDS);
  }

  private static List<Arguments> codecsAndPartitions() {
    return Stream.of("none", "gzip", "snappy", "lz4", "zstd")
        .flatMap(codec -> Stream.of(1, 8, 128).map(count -> Arguments.of(codec, count)))
        .toList();
  }

  @Test
  void keepsEverythingThroughAStopAndAStart() throws Exception {
    Path own = folder.resolve("restart");
    RoundTrip roundTrip;
    try (WeftProcess first = WeftProcess.dev(own)) {
      roundTrip = new RoundTrip(first.address(), "kept", 100);
      roundTrip.createTopic(3);
      roundTrip.produce("none", 5000);
      assertThat(first.process().stop()).isIn(0, 143);
    }
    try (WeftProcess second = WeftProcess.dev(own)) {
      assertThat(roundTrip.consumeAndCompare(second.address())).isEqualTo(5000);
    }
  }

  @Test
  void keepsEverythingThroughAKill() throws Exception {
    Path own = folder.resolve("kill");
    RoundTrip roundTrip;
    try (WeftProcess first = WeftProcess.dev(own)) {
      roundTrip = new RoundTrip(first.address(), "kept", 100);
      roundTrip.createTopic(3);
      roundTrip.produce("none", 5000);
      first.process().kill();
    }
    try (WeftProcess second = WeftProcess.dev(own)) {
      assertThat(roundTrip.consumeAndCompare(second.address())).isEqualTo(5000);
    }
  }

  @Test
  void saysInOneSentenceWhatIsWrongWithASetting() throws Exception {
    var wrong =
        WeftProcess.launch(folder, List.of(), List.of("dev", "--flush-interval-ms", "soon"));
    assertThat(wrong.awaitEnd()).isEqualTo(2);
    assertThat(wrong.output())
        .isEqualTo(
            "flush.interval.ms is 'soon' (option --flush-interval-ms); set it to a whole number"
                + " from 1 to 60000.");
  }
}
