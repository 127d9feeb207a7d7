package io.weft.agent.api.fetch;

import io.weft.agent.api.fetch.LogModel.Batch;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.apache.kafka.common.protocol.Errors;

/// A client's fetch session as KIP-227 has it: its partitions in the order in which they are
/// served, and what the client was told of each.
final class SessionModel {
  private final LinkedHashMap<Integer, Part> parts = new LinkedHashMap<>();
  private final Map<Integer, Told> told = new HashMap<>();
  private int id;
  private int epoch;
  private int version;

  /// What a client says of a partition.
  record Part(long offset, int bytesMax) {}

  /// What a partition's answer should be.
  record Expected(
      Errors error, long highWatermark, long lastStable, long logStart, List<Batch> batches) {}

  private record Told(long highWatermark, long logStart) {
    static final Told NOTHING = new Told(-1, -1);

    static Told of(Expected answer) {
      return new Told(answer.highWatermark, answer.logStart);
    }
  }

  /// 0 if there is none.
  int id() {
    return id;
  }

  int version() {
    return version;
  }

  int nextEpoch() {
    return epoch++;
  }

  SequencedMap<Integer, Part> parts() {
    return new LinkedHashMap<>(parts);
  }

  void begin(int newId, int ofVersion, Map<Integer, Part> named, Map<Integer, Expected> expected) {
    id = newId;
    epoch = 1;
    version = ofVersion;
    parts.clear();
    parts.putAll(named);
    told.clear();
    expected.forEach((number, answer) -> told.put(number, Told.of(answer)));
  }

  void end() {
    id = 0;
  }

  /// A partition that is there keeps its place.
  void update(Map<Integer, Part> named, Collection<Integer> forgotten) {
    named.forEach(
        (number, part) -> {
          parts.put(number, part);
          told.putIfAbsent(number, Told.NOTHING);
        });
    forgotten.forEach(parts::remove);
    forgotten.forEach(told::remove);
  }

  /// The partitions that are answered: those with records, with errors, and those of which the
  /// client does not know all. One with records goes to the end.
  List<Integer> news(Map<Integer, Expected> expected) {
    List<Integer> news = new ArrayList<>();
    for (int number : List.copyOf(parts.sequencedKeySet())) {
      Expected answer = expected.get(number);
      boolean hasRecords = !answer.batches.isEmpty();
      Told before = told.put(number, Told.of(answer));
      if (answer.error != Errors.NONE || hasRecords || !Told.of(answer).equals(before)) {
        news.add(number);
      }
      if (hasRecords) {
        parts.putLast(number, parts.get(number));
      }
    }
    return news;
  }
}
