package io.weft.storage.file;

import static io.weft.storage.file.BytesStore.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileProperties {
  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
  void whatIsComposedIsRead(long seed) {
    Random random = new Random(seed);
    List<PartitionRun> runs = runs(random, 1 + random.nextInt(40));

    ComposedFile file = FileComposer.compose(Batches.ORIGIN, runs);
    byte[] bytes = BytesStore.bytesOf(file.body());

    assertThat(FileReader.readFooter(new BytesStore(bytes), KEY).index()).isEqualTo(file.index());
    assertThat(file.body().length()).isEqualTo(bytes.length);
    assertThat(file.body().crc32c()).isEqualTo(Crc32c.of(ByteBuffer.wrap(bytes)));
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24})
  void everyRunLiesWhereItsExtentSays(long seed) {
    Random random = new Random(seed);
    List<PartitionRun> runs = runs(random, 1 + random.nextInt(20));

    ComposedFile file = FileComposer.compose(Batches.ORIGIN, runs);
    ByteBuffer bytes = ByteBuffer.wrap(BytesStore.bytesOf(file.body()));

    for (FileExtent extent : file.index().extents()) {
      PartitionRun run = runOf(runs, extent);
      ByteBuffer slice = bytes.slice((int) extent.position(), extent.length());
      FileReader.verifyExtent(extent, slice);
      assertThat(extent.batches()).isEqualTo(run.batches().size());
      assertThat(extent.records())
          .isEqualTo(run.batches().stream().mapToInt(StoredBatch::records).sum());
      assertThat(extent.firstTimestampMs()).isEqualTo(run.batches().getFirst().firstTimestampMs());
      assertThat(extent.maxTimestampMs())
          .isEqualTo(
              run.batches().stream().mapToLong(StoredBatch::maxTimestampMs).max().orElseThrow());
      for (StoredBatch batch : run.batches()) {
        int length = batch.bytes().remaining();
        assertThat(slice.slice(slice.position(), length)).isEqualTo(batch.bytes());
        slice.position(slice.position() + length);
      }
      assertThat(slice.hasRemaining()).isFalse();
    }
  }

  private static List<PartitionRun> runs(Random random, int count) {
    List<PartitionRun> runs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      runs.add(Batches.run(random, Batches.partition(i / 3, i % 3), 1 + random.nextInt(5)));
    }
    Collections.shuffle(runs, random);
    return runs;
  }

  private static PartitionRun runOf(List<PartitionRun> runs, FileExtent extent) {
    return runs.stream()
        .filter(run -> run.partition().equals(extent.partition()))
        .findFirst()
        .orElseThrow();
  }
}
