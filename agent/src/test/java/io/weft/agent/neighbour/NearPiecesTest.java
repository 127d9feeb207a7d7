package io.weft.agent.neighbour;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.cache.SharedFile;
import io.weft.agent.environment.ManualTime;
import io.weft.agent.fetch.TestBatch;
import io.weft.agent.fetch.TestFiles;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.protocol.record.GatheredBytes;
import io.weft.storage.file.ComposedFile;
import io.weft.storage.file.FileFooter;
import io.weft.storage.file.FilePlace;
import io.weft.storage.file.FileReader;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// What an agent keeps of what its neighbours have sent.
class NearPiecesTest {
  private static final int BYTES_MAX = 1 << 20;
  private static final int PARTITIONS = 2_000;
  private static final AgentId SENDER = new AgentId(1);

  private final ManualTime time = new ManualTime(5);
  private final NearPieces near = new NearPieces(time, 5_000, BYTES_MAX);

  /// With a footer that is much larger than a piece.
  private static SharedFile file(long fileId) {
    byte[] batch = TestBatch.of(1, "value").bytes();
    Map<PartitionId, byte[]> runs = new TreeMap<>();
    for (int i = 0; i < PARTITIONS; i++) {
      runs.put(new PartitionId(new TopicId(7, 1), i), batch);
    }
    ComposedFile file = TestFiles.of(fileId, runs);
    FilePlace place = FilePlace.of(fileId);
    FileFooter footer = FileReader.footerOf(place.key(), ByteBuffer.wrap(file.body().toBytes()));
    return SharedFile.of(
        TestFiles.CLUSTER, place, FileFooter.of(ByteBuffer.wrap(footer.toBytes())));
  }

  private void keep(long position, SharedFile file) {
    near.keep(file.piece(position, GatheredBytes.of(ByteBuffer.allocate(1))), file, SENDER);
  }

  @Test
  void whatFilesSayOfThemselvesIsKeptNoLongerThanItIsCounted() {
    int bytes = file(0).sizeInBytes();
    assertThat(bytes).isGreaterThan(100_000);
    for (long fileId = 0; fileId < 60; fileId++) {
      keep(0, file(fileId));
    }
    long kept =
        LongStream.range(0, 60).filter(each -> near.covers(FilePlace.of(each), 0, 1)).count();

    assertThat(kept * bytes).isBetween(3L << 20, 4L << 20);
    assertThat(near.file(FilePlace.of(59))).isPresent();
    assertThat(near.file(FilePlace.of(0))).isEmpty();
  }

  @Test
  void aPieceThatCameWithItsOwnCopyOfTheFootersBytesCountsThese() {
    SharedFile first = file(1);
    keep(0, first);
    for (long position = 1; position <= 60; position++) {
      keep(position, file(1));
    }
    long kept =
        LongStream.rangeClosed(0, 60)
            .filter(each -> near.covers(FilePlace.of(1), each, each + 1))
            .count();

    assertThat(kept * first.sizeInBytes()).isLessThanOrEqualTo(BYTES_MAX);
    assertThat(near.file(FilePlace.of(1))).containsSame(first);
  }

  @Test
  void piecesOfOneCopyCountItOnce() {
    SharedFile file = file(1);
    for (long position = 0; position < 1_000; position++) {
      keep(position, file);
    }
    assertThat(near.covers(FilePlace.of(1), 0, 1_000)).isTrue();
  }
}
