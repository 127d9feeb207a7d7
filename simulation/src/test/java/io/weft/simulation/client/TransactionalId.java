package io.weft.simulation.client;

import io.weft.environment.Pending;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulation.cluster.Cluster;
import io.weft.simulation.fault.Sight;

/// A transactional id and the instances of its producer: now and then one hangs between two calls,
/// or stops anywhere, in the middle of one too, and another one takes its place. What is fenced has
/// to see that it is. Each instance is a process of its world.
public final class TransactionalId {
  private static final int HANG_MS_MAX = 15_000;
  private static final int SUCCESSOR_MS_MAX = 3_000;
  private static final int STEPS_MAX = 40;
  private static final int TRANSACTION_MS_MIN = 4_000;
  private static final int TRANSACTION_MS_MAX = 20_000;

  private final Cluster cluster;
  private final Notes notes;
  private final String id;
  private final Jobs jobs;
  private final boolean second;
  private final int timeoutMs;
  private final Pending<Boolean> ended = new Pending<>();
  private int instances;
  private Instance current;
  private boolean stopping;

  private TransactionalId(Cluster cluster, Notes notes, String id, Jobs jobs) {
    this.cluster = cluster;
    this.notes = notes;
    this.id = id;
    this.jobs = jobs;
    this.second = !cluster.weather().oneIn(4);
    this.timeoutMs = cluster.weather().between(TRANSACTION_MS_MIN, TRANSACTION_MS_MAX);
  }

  /// What an instance does.
  interface Job {
    /// Plays at most one transaction.
    void play(TransactionalProducer producer, Hanging hanging) throws InterruptedException;

    /// It is over.
    ///
    /// @param orderly or else nobody is told
    void leave(boolean orderly) throws InterruptedException;
  }

  /// Makes the job of a new instance.
  interface Jobs {
    Job next();
  }

  /// To be called where an instance may hang.
  interface Hanging {
    void perhaps() throws InterruptedException;
  }

  public static TransactionalId start(Cluster cluster, Notes notes, String id, Jobs jobs) {
    TransactionalId started = new TransactionalId(cluster, notes, id, jobs);
    started.startInstance();
    return started;
  }

  /// Instances end their transactions and are done.
  public void stop() {
    stopping = true;
  }

  /// @return false if one is not done in time
  public boolean awaitEnd(long timeoutMillis) throws InterruptedException {
    return ended.awaitMs(cluster.world().environment(), timeoutMillis);
  }

  private void startInstance() {
    instances++;
    current = new Instance();
    current.process.start(id, current::run);
  }

  private final class Instance implements Hanging {
    private final SimulatedProcess process = cluster.world().process(id);
    private TransactionalProducer producer;

    private void run() {
      try {
        Job job = jobs.next();
        producer = begun();
        while (!stopping && isCurrentOrUnfenced()) {
          job.play(producer, this);
          if (producer.isFenced() && current == this) {
            cluster.weather().saw(Sight.TRANSACTION_TIMED_OUT);
            producer = begun();
          }
        }
        job.leave(!producer.isFenced());
        producer.leave();
        instances--;
        if (stopping && instances == 0) {
          ended.complete(true);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private boolean isCurrentOrUnfenced() {
      if (current != this && producer.isFenced()) {
        cluster.weather().saw(Sight.ZOMBIE_FENCED);
        return false;
      }
      return true;
    }

    private TransactionalProducer begun() throws InterruptedException {
      TransactionalProducer next = new TransactionalProducer(cluster, notes, id, second, timeoutMs);
      next.init();
      return next;
    }

    @Override
    public void perhaps() throws InterruptedException {
      if (!stopping && current == this && cluster.weather().oneIn(60)) {
        if (cluster.weather().oneIn(2)) {
          cluster.world().sleepMs(cluster.weather().upTo(SUCCESSOR_MS_MAX));
          startInstance();
        }
        cluster.world().sleepMs(cluster.weather().upTo(HANG_MS_MAX));
      } else if (cluster.weather().oneIn(60)) {
        process.atStep(cluster.weather().upTo(STEPS_MAX), this::stopHere);
      }
    }

    /// As SIGSTOP does, wherever it is.
    private void stopHere() {
      if (stopping || current != this) {
        return;
      }
      if (producer.isAsking()) {
        cluster.weather().saw(Sight.PRODUCER_STOPPED_IN_CALL);
      }
      process.pause();
      if (cluster.weather().oneIn(2)) {
        cluster.world().after(cluster.weather().upTo(SUCCESSOR_MS_MAX), this::succeed);
      }
      cluster.world().after(cluster.weather().upTo(HANG_MS_MAX), process::resume);
    }

    private void succeed() {
      if (!stopping && current == this) {
        startInstance();
      }
    }
  }
}
