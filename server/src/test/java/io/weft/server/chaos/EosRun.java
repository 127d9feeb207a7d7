package io.weft.server.chaos;

import io.weft.environment.Environment;
import io.weft.history.Event;
import io.weft.history.HistoryReader;
import io.weft.history.HistoryWriter;
import io.weft.history.Recorder;
import io.weft.history.check.Checker;
import io.weft.history.check.Expectations;
import io.weft.history.check.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.UnknownServerException;

/// What all clients of one run with transactions share: where the cluster is, the history, numbers,
/// and what went wrong. Thread-safe.
final class EosRun implements AutoCloseable {
  static final NumberedTopic INPUT = new NumberedTopic("in", 4);
  static final List<EosPipeline> PIPELINES =
      List.of(
          new EosPipeline("classic", new NumberedTopic("made-classic", 3)),
          new EosPipeline("consumer", new NumberedTopic("made-consumer", 3)));

  private final Path file;
  private final String bootstrapServers;
  private final Environment environment = Environment.system();
  private final HistoryWriter out;
  private final Recorder recorder;
  private final AtomicInteger processes = new AtomicInteger();
  private final AtomicInteger attempts = new AtomicInteger();
  private final AtomicInteger committed = new AtomicInteger();
  private final AtomicInteger zombies = new AtomicInteger();
  private final Queue<String> problems = new ConcurrentLinkedQueue<>();
  private final Map<String, AtomicInteger> troubles = new ConcurrentSkipListMap<>();
  private volatile boolean closed;

  /// @param folder gets the history
  EosRun(Path folder, String bootstrapServers) throws IOException {
    this.file = Files.createDirectories(folder).resolve("history.jsonl");
    this.bootstrapServers = bootstrapServers;
    this.out = new HistoryWriter(file);
    this.recorder = new Recorder(environment.clock()::nanos, this::write);
  }

  private void write(Event event) {
    if (!closed) {
      out.accept(event);
    }
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  Environment environment() {
    return environment;
  }

  Recorder recorder() {
    return recorder;
  }

  /// A client's number in the history.
  int process() {
    return processes.getAndIncrement();
  }

  /// A number for an attempt to make outputs.
  int attempt() {
    return attempts.getAndIncrement();
  }

  void committed() {
    committed.incrementAndGet();
  }

  /// How many transactions were.
  int committedCount() {
    return committed.get();
  }

  void zombie() {
    zombies.incrementAndGet();
  }

  int zombieCount() {
    return zombies.get();
  }

  /// An exception that trouble may bring about is counted; one that it may not is a problem.
  void trouble(String who, KafkaException thrown) {
    troubles
        .computeIfAbsent(thrown.getClass().getSimpleName(), _ -> new AtomicInteger())
        .incrementAndGet();
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownServerException
          || cause instanceof OffsetOutOfRangeException
          || cause instanceof CorruptRecordException) {
        problem("%s: %s".formatted(who, cause));
      }
    }
  }

  /// By the names of the exceptions.
  Map<String, Integer> troubles() {
    Map<String, Integer> counts = new TreeMap<>();
    troubles.forEach((name, count) -> counts.put(name, count.get()));
    return counts;
  }

  void problem(String text) {
    problems.add(text);
  }

  /// What is wrong besides what the history shows.
  Queue<String> problems() {
    return problems;
  }

  /// Nothing more is recorded.
  Verdict verdict() throws IOException {
    close();
    Expectations expectations = Expectations.transactions();
    for (EosPipeline pipeline : PIPELINES) {
      expectations = expectations.withPipeline(pipeline.expected());
    }
    return Checker.check(HistoryReader.read(file), expectations);
  }

  @Override
  public void close() {
    closed = true;
    out.close();
  }
}
