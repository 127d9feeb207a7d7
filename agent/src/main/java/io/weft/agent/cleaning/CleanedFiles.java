package io.weft.agent.cleaning;

import io.weft.agent.compaction.UploadCheck;
import io.weft.agent.files.FileIds;
import io.weft.agent.files.FileIds.LeasedId;
import io.weft.agent.files.FilePut;
import io.weft.agent.files.FilePuts;
import io.weft.agent.files.FileSettings;
import io.weft.agent.files.HedgedPut;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.file.Cleanings;
import io.weft.controlplane.api.file.Cleanings.Assignment;
import io.weft.controlplane.api.file.Compactions.Swap;
import io.weft.controlplane.api.file.Compactions.SwapOutcome;
import io.weft.environment.Backoff;
import io.weft.environment.Environment;
import io.weft.model.AgentId;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.PartitionRun;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Cleaned pieces on their way into the bucket, and then into the place of what was. Used by one
/// thread; closed from any.
public final class CleanedFiles implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CleanedFiles.class);

  /// How often an unanswered swap is asked again; the round is lost then, and nothing else.
  private static final int SWAP_ATTEMPTS_MAX = 10;

  private final Cleanings cleanings;
  private final ClusterBucket bucket;
  private final FileIds ids;
  private final FilePuts puts;
  private final Backoff backoff;
  private final CleaningFigures figures = new CleaningFigures();
  private volatile boolean closed;

  /// @param ids for these files only; closed with this
  public CleanedFiles(
      Environment environment,
      Cleanings cleanings,
      ClusterBucket bucket,
      FileIds ids,
      FileSettings settings) {
    this.cleanings = cleanings;
    this.bucket = bucket;
    this.ids = ids;
    this.puts =
        new FilePuts(environment, bucket, new HedgedPut.Budget(environment.clock(), 0), settings);
    this.backoff = new Backoff(environment, settings.backoffMsMin(), settings.backoffMsMax());
  }

  CleaningFigures figures() {
    return figures;
  }

  /// @return false if it is refused, or if there is no answer
  /// @throws io.weft.storage.object.ObjectStoreException if it may not be durable
  boolean swap(Assignment.Job job, CleanedPiece piece) throws InterruptedException {
    Optional<LeasedId> id = ids.next();
    if (id.isEmpty()) {
      return false;
    }
    PartitionRun contents = piece.contents(job.partition());
    long fileId = id.get().id();
    FilePut put = puts.of(fileId, List.of(contents));
    put.put();
    long bytes = put.file().body().length();
    figures.bytesWritten.add(bytes);
    UploadCheck.check(bucket, put.place(), put.file());
    long position = put.file().index().extents().getFirst().position();
    return swap(
        id.get().agent(),
        new Swap(job.id(), fileId, bytes, piece.swapped(contents, fileId, position)));
  }

  private boolean swap(AgentId agent, Swap swap) throws InterruptedException {
    for (int attempt = 0; attempt < SWAP_ATTEMPTS_MAX && !closed; attempt++) {
      try {
        return switch (cleanings.swap(agent, swap)) {
          case SwapOutcome.Swapped() -> {
            figures.files.increment();
            yield true;
          }
          case SwapOutcome.Refused(String why) -> {
            LOG.info("File {} takes nothing's place: {}", swap.fileId(), why);
            figures.refused.increment();
            yield false;
          }
        };
      } catch (ControlPlaneException.Rejected e) {
        LOG.error("the control plane rejects the swap of file {}", swap.fileId(), e);
        return false;
      } catch (ControlPlaneException.Unavailable e) {
        LOG.debug("no answer to the swap of file {}: {}", swap.fileId(), e.getMessage());
        backoff.pause(attempt);
      }
    }
    return false;
  }

  @Override
  public void close() {
    closed = true;
    ids.close();
  }
}
