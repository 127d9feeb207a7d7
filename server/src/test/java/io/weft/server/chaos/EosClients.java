package io.weft.server.chaos;

import io.weft.environment.Pending;
import io.weft.server.clients.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The clients of one run with transactions, from the first input to the end of the last output.
/// Owned by one thread.
final class EosClients implements AutoCloseable {
  private static final int FEEDERS = 2;
  private static final int TRANSFORMERS = 3;
  private static final long CATCH_UP_MS = 300_000;

  private final EosRun run;
  private final List<Feeder> feeders = new ArrayList<>();
  private final List<Transformer> transformers = new ArrayList<>();
  private final List<OffsetWatcher> watchers = new ArrayList<>();

  EosClients(EosRun run) {
    this.run = run;
    for (int i = 0; i < FEEDERS; i++) {
      feeders.add(new Feeder(run, i));
    }
    for (EosPipeline pipeline : EosRun.PIPELINES) {
      IntStream.range(0, TRANSFORMERS)
          .forEach(i -> transformers.add(new Transformer(run, pipeline, i)));
      watchers.add(new OffsetWatcher(run, pipeline));
    }
  }

  /// All topics of a run.
  static List<NumberedTopic> topics() {
    return Stream.concat(
            Stream.of(EosRun.INPUT), EosRun.PIPELINES.stream().map(EosPipeline::output))
        .toList();
  }

  void createTopics(int replicationFactor) throws Exception {
    NumberedTopic.create(run.bootstrapServers(), topics(), replicationFactor);
  }

  void start() {
    feeders.forEach(Feeder::start);
    transformers.forEach(Transformer::start);
    watchers.forEach(OffsetWatcher::start);
  }

  /// Nothing more is fed; returns once both groups are behind all of it, and their members are
  /// gone.
  ///
  /// @param zone of the broker that is asked what was fed
  void finish(String zone, int port) throws InterruptedException {
    for (Feeder feeder : feeders) {
      feeder.stop();
    }
    List<Long> lasts =
        new CommittedReader(run, EosRun.INPUT, zone, port)
            .readAll().stream()
                .map(some -> some.isEmpty() ? -1L : some.getLast().offset())
                .toList();
    for (OffsetWatcher watcher : watchers) {
      watcher.stop();
      if (!watcher.awaitBehind(lasts, CATCH_UP_MS)) {
        run.problem("a group does not come to the end of its input, " + lasts);
      }
    }
    for (Transformer transformer : transformers) {
      transformer.stop();
    }
    for (OffsetWatcher watcher : watchers) {
      watcher.awaitBehind(lasts, CATCH_UP_MS);
    }
  }

  /// What is committed in every topic, through one broker; the topics are read at once.
  List<List<List<CommittedReader.Given>>> readAll(String zone, int port)
      throws InterruptedException {
    List<Pending<List<List<CommittedReader.Given>>>> reading = new ArrayList<>();
    for (NumberedTopic topic : topics()) {
      reading.add(readAll(new CommittedReader(run, topic, zone, port), topic));
    }
    List<List<List<CommittedReader.Given>>> given = new ArrayList<>();
    for (Pending<List<List<CommittedReader.Given>>> one : reading) {
      given.add(
          Deadline.await(
              one, run.environment(), Reader.ALL_MAX, "a topic was not read to its end"));
    }
    return given;
  }

  private Pending<List<List<CommittedReader.Given>>> readAll(
      CommittedReader reader, NumberedTopic topic) {
    Pending<List<List<CommittedReader.Given>>> given = new Pending<>();
    run.environment()
        .tasks()
        .start(
            "read-all-" + topic.name(),
            () -> {
              try {
                given.complete(reader.readAll());
              } catch (RuntimeException e) {
                given.fail(e);
              } catch (Throwable e) {
                given.fail(new IllegalStateException(e));
              }
            });
    return given;
  }

  /// Clients that still run, since the test has failed, are told to end and not waited for.
  @Override
  public void close() {
    feeders.forEach(Feeder::abandon);
    transformers.forEach(Transformer::abandon);
    watchers.forEach(OffsetWatcher::close);
  }
}
