package io.weft.agent.files;

import io.weft.environment.Environment;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.ComposedFile;
import io.weft.storage.file.FileComposer;
import io.weft.storage.file.FileOrigin;
import io.weft.storage.file.FilePlace;
import io.weft.storage.file.PartitionRun;
import java.util.List;

/// Makes files that are ready to be put into the bucket. Thread-safe; does not keep them.
public final class FilePuts {
  private final Environment environment;
  private final ClusterBucket bucket;
  private final HedgedPut.Budget budget;
  private final int hedgeAfterMs;

  /// @param bucket its store's attempts are over when it throws
  /// @param budget for second puts; every file spends of it too
  public FilePuts(
      Environment environment,
      ClusterBucket bucket,
      HedgedPut.Budget budget,
      FileSettings settings) {
    this.environment = environment;
    this.bucket = bucket;
    this.budget = budget;
    this.hedgeAfterMs = settings.hedgeAfterMs();
  }

  /// Composes a file; nothing is put yet.
  ///
  /// @param fileId leased, and used for no other file
  public FilePut of(long fileId, List<PartitionRun> runs) {
    FileOrigin origin =
        new FileOrigin(bucket.clusterId(), fileId, environment.randomness().nextLong());
    ComposedFile file = FileComposer.compose(origin, runs);
    FilePlace place = FilePlace.of(fileId);
    FileCreation creation =
        new FileCreation(bucket.storeOf(place), place.key(), origin, file.body());
    HedgedPut put = new HedgedPut(environment, creation::create);
    return new FilePut(place, file, creation, put, budget, hedgeAfterMs);
  }
}
