package io.weft.server.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.weft.agent.cache.CacheSettings;
import io.weft.agent.cache.ChunkSlice;
import io.weft.agent.cache.LocalChunks;
import io.weft.agent.cache.ReadPurpose;
import io.weft.environment.Environment;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.server.cost.Load.Tuning;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.ComposedFile;
import io.weft.storage.file.FileComposer;
import io.weft.storage.file.FileExtent;
import io.weft.storage.file.FileOrigin;
import io.weft.storage.file.FilePlace;
import io.weft.storage.file.PartitionRun;
import io.weft.storage.file.StoredBatch;
import io.weft.storage.object.MeasuringObjectStore;
import io.weft.storage.object.MemoryObjectStore;
import io.weft.storage.object.ObjectOperation;
import io.weft.storage.object.ObjectStoreFigures.OfOperation;
import io.weft.storage.object.StorePurpose;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What an agent asks of the store for a file that it reads from front to back is what the formula
/// says, below one chunk and a half and above.
class PredictedReadsTest {
  private static final String CLUSTER = "cluster";
  private static final long FILE_ID = 7;
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int VALUE_BYTES = 100_000;

  @ParameterizedTest
  @CsvSource({"10, 1", "15, 1", "17, 3", "20, 3", "22, 4"})
  void aFileIsReadAsPredicted(int partitions, int gets) {
    MeasuringObjectStore store =
        new MeasuringObjectStore(new MemoryObjectStore(), "bucket", Environment.system());
    ComposedFile file = file(partitions);
    store.put(FilePlace.of(FILE_ID).key(), file.body());
    LocalChunks chunks =
        new LocalChunks(
            new ClusterBucket(store, CLUSTER), new CacheSettings(CHUNK_BYTES, 16 << 20, 4));
    for (FileExtent extent : file.index().extents()) {
      ChunkSlice.releaseAll(
          chunks.read(FilePlace.of(FILE_ID), extent.position(), extent.length(), ReadPurpose.TAIL));
    }

    OfOperation counted = store.figures().of(StorePurpose.LIVE_READ, ObjectOperation.READ);
    long fileBytes = file.body().length();
    Tuning tuning = new Tuning(1_000_000, fileBytes, CHUNK_BYTES, 0, 60, 1);
    Usage predicted =
        Forecast.of(new Load(fileBytes, 1, 0, 2, 1, 0, tuning))
            .of(Activity.BUCKET, Forecast.nameOf(StorePurpose.LIVE_READ));
    assertThat(counted.calls()).isEqualTo(gets);
    assertThat(predicted.answered().gets()).isEqualTo(gets);
    assertThat((double) counted.bytes()).isCloseTo(predicted.bytesDown(), withinPercentage(0.1));
  }

  private static ComposedFile file(int partitions) {
    List<PartitionRun> runs =
        IntStream.range(0, partitions)
            .mapToObj(
                partition ->
                    new PartitionRun(
                        new PartitionId(new TopicId(1, 2), partition), List.of(batch())))
            .toList();
    return FileComposer.compose(new FileOrigin(CLUSTER, FILE_ID, FILE_ID), runs);
  }

  private static StoredBatch batch() {
    ByteBuffer bytes =
        MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(new byte[VALUE_BYTES]))
            .buffer();
    return new StoredBatch(bytes, 1, -1, -1);
  }
}
