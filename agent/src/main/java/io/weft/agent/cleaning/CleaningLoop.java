package io.weft.agent.cleaning;

import io.weft.agent.cache.Chunks;
import io.weft.agent.cache.CorruptObjectException;
import io.weft.agent.files.FileIds.IdsRepeatedException;
import io.weft.agent.files.FileTakenException;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.file.Cleanings;
import io.weft.controlplane.api.file.Cleanings.Assignment;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.model.AgentId;
import io.weft.protocol.cleaning.UncleanableException;
import io.weft.storage.object.ObjectStoreException;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Cleans one partition after the other, for as long as the agent runs: the entry of this package.
/// Half of its time it rests, whatever there is to do. Thread-safe.
public final class CleaningLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CleaningLoop.class);

  private final Environment environment;
  private final Cleanings cleanings;
  private final ExtentIndex index;
  private final Supplier<Optional<AgentId>> agents;
  private final Chunks chunks;
  private final CleanedFiles files;
  private final CleaningSettings settings;
  private final Pending<String> halted = new Pending<>();
  private volatile boolean closed;

  /// Null until the loop runs.
  private volatile Thread runner;

  /// @param agents under which id this agent is registered now, if it is
  /// @param chunks what partitions are read from
  /// @param files closed with this
  public CleaningLoop(
      Environment environment,
      Cleanings cleanings,
      ExtentIndex index,
      Supplier<Optional<AgentId>> agents,
      Chunks chunks,
      CleanedFiles files,
      CleaningSettings settings) {
    this.environment = environment;
    this.cleanings = cleanings;
    this.index = index;
    this.agents = agents;
    this.chunks = chunks;
    this.files = files;
    this.settings = settings;
  }

  public void start() {
    runner = environment.tasks().start("cleaning", this::run);
  }

  /// Comes only if it has stopped by itself, for good: a file's id was given before.
  ///
  /// @return why, in a sentence for the operator
  public Pending<String> halted() {
    return halted;
  }

  public CleaningFigures figures() {
    return files.figures();
  }

  /// Gives up what is under way, without waiting for its end.
  @Override
  public void close() {
    closed = true;
    files.close();
    Thread running = runner;
    if (running != null) {
      running.interrupt();
    }
  }

  private void run() {
    try {
      while (!closed) {
        long startedMs = environment.clock().monotonicMs();
        boolean worked = turn();
        long tookMs = environment.clock().monotonicMs() - startedMs;
        environment.tasks().sleepMs(worked ? 1 + tookMs : settings.askEveryMs());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (FileTakenException | IdsRepeatedException alarm) {
      halted.complete(alarm.getMessage());
    }
  }

  /// @return whether there was something to do
  private boolean turn() throws InterruptedException {
    Optional<AgentId> agent = agents.get();
    if (agent.isEmpty()) {
      return false;
    }
    try {
      return switch (cleanings.next(agent.get())) {
        case Assignment.Nothing() -> false;
        case Assignment.Job job -> {
          work(agent.get(), job);
          yield true;
        }
      };
    } catch (ControlPlaneException e) {
      LOG.debug("nothing to clean: {}", e.getMessage());
      return false;
    }
  }

  private void work(AgentId agent, Assignment.Job job) throws InterruptedException {
    ExtentBatches batches =
        new ExtentBatches(chunks, environment, job.partition(), settings.bytesPerSecond());
    try {
      boolean done =
          new PartitionCleaning(index, batches, settings, job, piece -> files.swap(job, piece))
              .run();
      if (done) {
        files.figures().rounds.increment();
      } else {
        giveUp(agent, job, false, "its log has changed");
      }
    } catch (UncleanableException | CorruptObjectException e) {
      giveUp(agent, job, true, e.getMessage());
    } catch (ObjectStoreException e) {
      giveUp(agent, job, false, e.getMessage());
    } catch (ControlPlaneException e) {
      LOG.debug("cleaning job {} ends: {}", job.id(), e.getMessage());
      files.figures().failed.increment();
    }
  }

  private void giveUp(AgentId agent, Assignment.Job job, boolean forLong, String why) {
    LOG.warn("Cleaning {} is given up: {}", job.partition(), why);
    files.figures().failed.increment();
    try {
      cleanings.giveUp(agent, job.id(), forLong);
    } catch (ControlPlaneException e) {
      LOG.debug("cleaning job {} will run out: {}", job.id(), e.getMessage());
    }
  }
}
