package io.weft.programs;

import io.weft.server.process.KafkaPeer;
import io.weft.server.process.WeftProcess;
import java.nio.file.Path;
import java.util.List;

/// What the programs talk to: Weft, or with `-Dweft.programs.target=kafka` a real Apache Kafka, to
/// show that a program and its test are right.
public final class Target implements AutoCloseable {
  /// What makes a cluster of one broker whole, and short waits where Kafka's are for large
  /// clusters.
  private static final List<String> KAFKA_SETTINGS =
      List.of(
          "share.coordinator.state.topic.replication.factor=1",
          "share.coordinator.state.topic.min.isr=1",
          "share.coordinator.state.topic.num.partitions=2",
          "offsets.topic.num.partitions=2",
          "transaction.state.log.num.partitions=2",
          "transaction.abort.timed.out.transaction.cleanup.interval.ms=1000",
          "group.initial.rebalance.delay.ms=0");

  private final Runnable end;
  private final String address;

  private Target(Runnable end, String address) {
    this.end = end;
    this.address = address;
  }

  /// Starts it with nothing in it.
  public static Target start(Path folder) throws InterruptedException {
    String kind = System.getProperty("weft.programs.target", "weft");
    return switch (kind) {
      case "weft" -> {
        WeftProcess weft =
            WeftProcess.dev(folder.resolve("weft"), "--group-initial-rebalance-delay-ms", "0");
        yield new Target(weft::close, weft.address());
      }
      case "kafka" -> {
        KafkaPeer kafka = KafkaPeer.start(folder, KAFKA_SETTINGS);
        yield new Target(kafka::close, kafka.bootstrapServers());
      }
      default ->
          throw new IllegalArgumentException(
              "weft.programs.target is '%s'; set it to weft or kafka.".formatted(kind));
    };
  }

  /// Its bootstrap server.
  public String address() {
    return address;
  }

  /// Java clients that talk to it.
  public Clients clients() {
    return new Clients(address);
  }

  @Override
  public void close() {
    end.run();
  }
}
