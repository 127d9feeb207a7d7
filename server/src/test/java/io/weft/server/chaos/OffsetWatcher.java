package io.weft.server.chaos;

import io.weft.history.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// Asks where a group goes on, and notes what it is told: what is stable only. One thread at a
/// time.
final class OffsetWatcher implements AutoCloseable {
  private static final int ANSWER_MS_MAX = 20_000;
  private static final int PAUSE_MS = 400;

  private final EosRun run;
  private final EosPipeline pipeline;
  private final Admin admin;
  private final int process;
  private volatile boolean stopping;

  OffsetWatcher(EosRun run, EosPipeline pipeline) {
    this.run = run;
    this.pipeline = pipeline;
    this.process = run.process();
    this.admin =
        Admin.create(
            Map.of(
                "bootstrap.servers", run.bootstrapServers(),
                "request.timeout.ms", "5000",
                "default.api.timeout.ms", Integer.toString(ANSWER_MS_MAX)));
  }

  void start() {
    run.environment()
        .tasks()
        .start(
            "offsets-" + pipeline.protocol(),
            () -> {
              try {
                while (!stopping) {
                  ask();
                  run.environment().tasks().sleepMs(PAUSE_MS);
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  void stop() {
    stopping = true;
  }

  /// Asks until the group is behind these offsets.
  ///
  /// @param lasts by partition; -1 where there is nothing
  /// @return whether it was in time
  boolean awaitBehind(List<Long> lasts, long timeoutMs) throws InterruptedException {
    long endMs = run.environment().clock().monotonicMs() + timeoutMs;
    while (run.environment().clock().monotonicMs() < endMs) {
      List<Action.Place> places = ask();
      if (places.size() == lasts.size()
          && places.stream()
              .allMatch(place -> Math.max(0, place.offset()) > lasts.get(partition(place)))) {
        return true;
      }
      run.environment().tasks().sleepMs(PAUSE_MS);
    }
    return false;
  }

  private static int partition(Action.Place place) {
    return Integer.parseInt(place.key().substring(place.key().lastIndexOf('-') + 1));
  }

  /// @return of those partitions of which somebody says it
  private List<Action.Place> ask() throws InterruptedException {
    int op = run.recorder().invoke(process, new Action.Committed(pipeline.group()));
    List<Action.Place> places = new ArrayList<>();
    try {
      Map<TopicPartition, OffsetAndMetadata> offsets =
          admin
              .listConsumerGroupOffsets(
                  Map.of(
                      pipeline.group(),
                      new ListConsumerGroupOffsetsSpec().topicPartitions(EosRun.INPUT.all())),
                  new ListConsumerGroupOffsetsOptions().requireStable(true))
              .partitionsToOffsetAndMetadata(pipeline.group())
              .get(ANSWER_MS_MAX, TimeUnit.MILLISECONDS);
      for (TopicPartition partition : EosRun.INPUT.all()) {
        // The admin client leaves out what is not stable; what was never said is null.
        if (offsets.containsKey(partition)) {
          OffsetAndMetadata place = offsets.get(partition);
          places.add(
              new Action.Place(
                  EosRun.INPUT.key(partition.partition()),
                  place == null ? Action.UNKNOWN : place.offset()));
        }
      }
      run.recorder().ok(op, new Action.Committed(pipeline.group(), places));
    } catch (ExecutionException | TimeoutException e) {
      run.recorder().info(op, new Action.Committed(pipeline.group()));
    }
    return places;
  }

  @Override
  public void close() {
    stopping = true;
    admin.close();
  }
}
