package io.weft.agent.compaction;

import io.weft.agent.cache.Chunks;
import io.weft.agent.files.FileIds;
import io.weft.agent.files.FileIds.IdsRepeatedException;
import io.weft.agent.files.FileIds.LeasedId;
import io.weft.agent.files.FilePut;
import io.weft.agent.files.FilePuts;
import io.weft.agent.files.FileTakenException;
import io.weft.agent.files.HedgedPut;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.file.Compactions;
import io.weft.controlplane.api.file.Compactions.Assignment;
import io.weft.controlplane.api.file.Compactions.Swap;
import io.weft.controlplane.api.file.Compactions.SwapOutcome;
import io.weft.environment.Backoff;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.model.AgentId;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.PartitionRun;
import io.weft.storage.file.StoredBatch;
import io.weft.storage.object.ObjectStoreException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Does one job after the other, for as long as the agent runs: the entry of this package. Half of
/// its time it rests, whatever there is to do. Thread-safe.
public final class CompactionLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CompactionLoop.class);

  /// How often an unanswered swap is asked again; the job is lost then, and nothing else.
  private static final int SWAP_ATTEMPTS_MAX = 10;

  private final Environment environment;
  private final Compactions compactions;
  private final Supplier<Optional<AgentId>> agents;
  private final ClusterBucket bucket;
  private final Chunks chunks;
  private final FileIds ids;
  private final CompactionSettings settings;
  private final FilePuts puts;
  private final Backoff backoff;
  private final CompactionFigures figures = new CompactionFigures();
  private final Pending<String> halted = new Pending<>();
  private volatile boolean closed;

  /// Null until the loop runs.
  private volatile Thread runner;

  /// @param agents under which id this agent is registered now, if it is
  /// @param chunks what inputs are read from
  /// @param ids for its files only; closed with this
  public CompactionLoop(
      Environment environment,
      Compactions compactions,
      Supplier<Optional<AgentId>> agents,
      ClusterBucket bucket,
      Chunks chunks,
      FileIds ids,
      CompactionSettings settings) {
    this.environment = environment;
    this.compactions = compactions;
    this.agents = agents;
    this.bucket = bucket;
    this.chunks = chunks;
    this.ids = ids;
    this.settings = settings;
    this.puts =
        new FilePuts(
            environment, bucket, new HedgedPut.Budget(environment.clock(), 0), settings.files());
    this.backoff =
        new Backoff(environment, settings.files().backoffMsMin(), settings.files().backoffMsMax());
  }

  public void start() {
    runner = environment.tasks().start("compaction", this::run);
  }

  /// Comes only if it has stopped by itself, for good: a file's id was given before.
  ///
  /// @return why, in a sentence for the operator
  public Pending<String> halted() {
    return halted;
  }

  public CompactionFigures figures() {
    return figures;
  }

  /// Gives up what is under way, without waiting for its end.
  @Override
  public void close() {
    closed = true;
    ids.close();
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
      return switch (compactions.next(agent.get(), settings.jobBytesMax())) {
        case Assignment.Nothing() -> false;
        case Assignment.Job job -> {
          work(agent.get(), job);
          yield true;
        }
      };
    } catch (ControlPlaneException e) {
      LOG.debug("no job: {}", e.getMessage());
      return false;
    }
  }

  private void work(AgentId agent, Assignment.Job job) throws InterruptedException {
    try {
      merge(job);
    } catch (UnreadableInputException unreadable) {
      LOG.error("Job {} is given up: {}", job.id(), unreadable.getMessage());
      figures.unreadable.increment();
      giveUp(agent, job, List.of(unreadable.fileId()));
    } catch (ObjectStoreException e) {
      LOG.warn("Job {} is given up: {}", job.id(), e.getMessage());
      giveUp(agent, job, List.of());
    }
  }

  private void merge(Assignment.Job job) throws UnreadableInputException, InterruptedException {
    InputReader reader = new InputReader(chunks, environment, settings.bytesPerSecond(), figures);
    List<List<List<StoredBatch>>> batches = reader.read(job.runs());
    Optional<LeasedId> id = ids.next();
    if (id.isEmpty()) {
      return;
    }
    long fileId = id.get().id();
    List<PartitionRun> contents = MergedFile.contents(job.runs(), batches);
    FilePut put = puts.of(fileId, contents);
    put.put();
    figures.bytesWritten.add(put.file().body().length());
    UploadCheck.check(bucket, put.place(), put.file());
    swap(
        id.get().agent(),
        new Swap(
            job.id(),
            fileId,
            put.file().body().length(),
            MergedFile.extents(
                job.runs(), fileId, contents, put.file().index(), settings.extentBytesMax())));
  }

  private void swap(AgentId agent, Swap swap) throws InterruptedException {
    for (int attempt = 0; attempt < SWAP_ATTEMPTS_MAX && !closed; attempt++) {
      try {
        switch (compactions.swap(agent, swap)) {
          case SwapOutcome.Swapped() -> figures.jobs.increment();
          case SwapOutcome.Refused(String why) -> {
            LOG.info("File {} takes nothing's place: {}", swap.fileId(), why);
            figures.refused.increment();
          }
        }
        return;
      } catch (ControlPlaneException.Rejected e) {
        LOG.error("the control plane rejects the swap of file {}", swap.fileId(), e);
        figures.failed.increment();
        return;
      } catch (ControlPlaneException.Unavailable e) {
        LOG.debug("no answer to the swap of file {}: {}", swap.fileId(), e.getMessage());
        backoff.pause(attempt);
      }
    }
    LOG.warn("Nobody answers to the swap of file {}: it may be done, or never", swap.fileId());
    figures.failed.increment();
  }

  private void giveUp(AgentId agent, Assignment.Job job, List<Long> unreadable) {
    figures.failed.increment();
    try {
      compactions.giveUp(agent, job.id(), unreadable);
    } catch (ControlPlaneException e) {
      LOG.debug("job {} will run out: {}", job.id(), e.getMessage());
    }
  }
}
