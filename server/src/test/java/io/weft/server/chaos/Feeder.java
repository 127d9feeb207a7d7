package io.weft.server.chaos;

import io.weft.environment.Pending;
import io.weft.server.clients.Deadline;
import java.time.Duration;
import java.util.SplittableRandom;
import org.apache.kafka.common.KafkaException;

/// Sends numbered inputs in transactions until it is told to stop; some it aborts, and now and then
/// another instance takes its place in the middle of one. One thread of its own.
final class Feeder {
  private static final int RECORDS_MAX = 12;
  private static final long PAUSE_MS_MAX = 60;

  /// Longer than a commit may be tried for.
  private static final Duration STOP_MAX = Duration.ofMinutes(12);

  private final EosRun run;
  private final int number;
  private final SplittableRandom random;
  private final Pending<Boolean> stopped = new Pending<>();
  private volatile boolean stopping;
  private int sent;

  Feeder(EosRun run, int number) {
    this.run = run;
    this.number = number;
    this.random = new SplittableRandom(number);
  }

  void start() {
    run.environment()
        .tasks()
        .start(
            "feeder-" + number,
            () -> {
              try {
                while (!stopping) {
                  live();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (Throwable e) {
                run.problem("feeder %d ends: %s".formatted(number, e));
              } finally {
                stopped.complete(true);
              }
            });
  }

  void stop() throws InterruptedException {
    stopping = true;
    Deadline.await(
        stopped, run.environment(), STOP_MAX, "feeder %d does not end".formatted(number));
  }

  void abandon() {
    stopping = true;
  }

  private void live() throws InterruptedException {
    try (TransactionalClient client = new TransactionalClient(run, "feeder-" + number)) {
      while (!stopping) {
        feed(client);
        run.environment().tasks().sleepMs(random.nextLong(PAUSE_MS_MAX));
      }
    } catch (KafkaException e) {
      run.trouble("feeder " + number, e);
    }
  }

  private void feed(TransactionalClient client) {
    client.begin();
    boolean commits = random.nextInt(8) != 0;
    try {
      for (int i = random.nextInt(RECORDS_MAX); i >= 0; i--) {
        client.send(
            EosRun.INPUT,
            random.nextInt(EosRun.INPUT.partitions()),
            new Payload(number, sent++).toLong());
      }
    } catch (KafkaException e) {
      run.trouble("feeder " + number, e);
      commits = false;
    }
    if (commits) {
      client.commit();
    } else {
      client.abort();
    }
  }
}
