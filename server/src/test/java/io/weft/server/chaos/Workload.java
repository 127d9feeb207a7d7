package io.weft.server.chaos;

import io.weft.environment.Environment;
import io.weft.environment.Pending;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Writers and readers of one topic, at whatever speaks Kafka's protocol, and the history of what
/// they saw. Owned by one thread.
///
/// Processes of the history: writers from 0, followers from 100, readers of everything from 200,
/// faults 1,000.
final class Workload implements AutoCloseable {
  static final NumberedTopic TOPIC = new NumberedTopic("chaos", 6);
  static final int FAULTS = 1_000;

  /// Longer than what a reader takes at most, so that it says itself what was missing.
  static final Duration READING_MAX = Reader.ALL_MAX.plusMinutes(3);

  private static final int FOLLOWERS = 100;
  private static final int FINAL_READERS = 200;

  private final Path file;
  private final String bootstrapServers;
  private final int requestTimeoutMs;
  private final Environment environment = Environment.system();
  private final HistoryWriter out;
  private final Recorder recorder;
  private final List<Writer> writers = new ArrayList<>();
  private final List<Reader> followers = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private int finalReaders;
  private volatile boolean closed;

  /// @param folder gets the history
  /// @param requestTimeoutMs of the writers
  Workload(Path folder, String bootstrapServers, int requestTimeoutMs) throws IOException {
    this.file = Files.createDirectories(folder).resolve("history.jsonl");
    this.bootstrapServers = bootstrapServers;
    this.requestTimeoutMs = requestTimeoutMs;
    this.out = new HistoryWriter(file);
    this.recorder = new Recorder(environment.clock()::nanos, this::write);
  }

  Recorder recorder() {
    return recorder;
  }

  private void write(Event event) {
    if (!closed) {
      out.accept(event);
    }
  }

  void createTopic(int replicationFactor) throws Exception {
    NumberedTopic.create(bootstrapServers, List.of(TOPIC), replicationFactor);
  }

  /// @param zones each followed by one reader; writers have one of them or none
  void start(int writerCount, List<String> zones) {
    for (int i = 0; i < writerCount; i++) {
      int turn = i % (zones.size() + 1);
      String zone = turn == zones.size() ? "anywhere" : "weft_az=" + zones.get(turn);
      String clientId = zone + ",writer-" + i;
      writers.add(
          new Writer(i, clientId, bootstrapServers, requestTimeoutMs, recorder, environment));
    }
    for (String zone : zones) {
      followers.add(reader(FOLLOWERS + followers.size(), zone, bootstrapServers));
    }
    writers.forEach(Writer::start);
    followers.forEach(Reader::follow);
  }

  /// Returns once all that was sent has been answered.
  void stopWriting() throws InterruptedException {
    for (Writer writer : writers) {
      writer.stop();
      problems.addAll(writer.failures());
    }
  }

  /// Everything, through the broker at one address, on a thread of its own.
  Pending<LogCopy> readAll(String name, String zone, String address) {
    int port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
    Reader reader = reader(FINAL_READERS + finalReaders++, zone, address);
    Pending<LogCopy> copy = new Pending<>();
    environment
        .tasks()
        .start(
            name,
            () -> {
              try {
                copy.complete(reader.readAll(port));
              } catch (Throwable e) {
                copy.fail(new IllegalStateException(name + " ends: " + e, e));
              }
            });
    return copy;
  }

  /// The readers that have followed all along come to the end too, and have read the same.
  void finishFollowing(LogCopy whole) throws InterruptedException {
    for (Reader follower : followers) {
      compare("a follower", follower.finish(whole), whole);
    }
  }

  void compare(String name, LogCopy copy, LogCopy whole) {
    copy.problems().forEach(problem -> problems.add(name + ": " + problem));
    copy.differences(whole).forEach(difference -> problems.add(name + ": " + difference));
  }

  /// Anything else that is wrong.
  void problem(String text) {
    problems.add(text);
  }

  /// What is wrong besides what the history shows: what was refused, damaged, not the same.
  List<String> problems() {
    return problems;
  }

  /// Nothing more is recorded.
  Verdict verdict() throws IOException {
    closed = true;
    out.close();
    return Checker.check(HistoryReader.read(file), Expectations.idempotentProducers());
  }

  private Reader reader(int number, String zone, String servers) {
    String clientId = "reader-" + number + ",weft_az=" + zone;
    return new Reader(number, TOPIC, clientId, servers, recorder, environment);
  }

  /// Clients that still run, since the test has failed, are told to end and not waited for.
  @Override
  public void close() {
    closed = true;
    writers.forEach(Writer::abandon);
    followers.forEach(Reader::abandon);
    out.close();
  }
}
