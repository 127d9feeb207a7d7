package io.weft.controlplane.state.log;

import io.weft.controlplane.api.topic.TopicSettings;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.model.Span;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;

/// One topic's logs and those of its settings that take effect. Owned by one thread.
final class TopicLogs {
  final String name;
  PartitionLog[] logs;
  TopicSettings settings;

  TopicLogs(String name, int partitions, Map<String, String> own) {
    this.name = name;
    this.logs = new PartitionLog[0];
    grow(partitions);
    configure(own);
  }

  void grow(int partitions) {
    int before = logs.length;
    logs = Arrays.copyOf(logs, partitions);
    for (int i = before; i < partitions; i++) {
      logs[i] = new PartitionLog();
    }
  }

  /// The same logs, of a topic that has this name now.
  TopicLogs named(String now) {
    TopicLogs renamed = new TopicLogs(now, 0, Map.of());
    renamed.logs = logs;
    renamed.settings = settings;
    return renamed;
  }

  void eachSpan(Consumer<Span> seen) {
    for (PartitionLog log : logs) {
      for (int i = 0; i < log.spanCount(); i++) {
        seen.accept(log.span(i));
      }
    }
  }

  void eachLog(Consumer<PartitionLog> seen) {
    for (PartitionLog log : logs) {
      seen.accept(log);
    }
  }

  boolean anyProducerUnusedSince(long timeMs) {
    for (PartitionLog log : logs) {
      if (log.anyProducerUnusedSince(timeMs)) {
        return true;
      }
    }
    return false;
  }

  void removeProducersUnusedSince(long timeMs) {
    eachLog(log -> log.removeProducersUnusedSince(timeMs));
  }

  void write(WireWriter out) {
    eachLog(log -> log.write(out));
  }

  /// There are as many logs as there are partitions.
  void read(WireReader in) {
    for (int i = 0; i < logs.length; i++) {
      logs[i] = PartitionLog.read(in);
    }
  }

  void configure(Map<String, String> own) {
    settings = TopicSettings.of(own);
  }
}
