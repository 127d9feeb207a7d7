package io.weft.storage.file;

import static io.weft.storage.file.BytesStore.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.model.PartitionId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The origin that a file names, and which of its batches belong to which partition.
class FileFooterTest {
  private static final String CLUSTER = Batches.ORIGIN.clusterId();
  private static final long FILE_ID = Batches.ORIGIN.fileId();

  private final Random random = new Random(2026);
  private final byte[] bytes = fileOf(Batches.ORIGIN);
  private final FileFooter footer = footer(bytes);

  @Test
  void aFileIsItsOwnClustersUnderItsOwnIdAndNobodyElses() {
    assertThat(footer.flawAs(CLUSTER, FILE_ID)).isEmpty();
    assertThat(footer.flawAs("another", FILE_ID))
        .contains(
            "it says that it is file 7 of cluster kD3mJ0pWTzGq_8-Nf2sXyA;"
                + " expected was file 7 of cluster another");
    assertThat(footer.flawAs(CLUSTER, 8)).isPresent();
  }

  @Test
  void everyPartitionIsFoundWithItsOwnRunAndNoOther() {
    for (FileExtent extent : footer.index().extents()) {
      PartitionId partition = extent.partition();
      long position = extent.position();
      int length = extent.length();

      assertThat(footer.find(partition)).contains(extent);
      assertThat(footer.flawOf(partition, position, length)).isEmpty();
      assertThat(footer.flawOf(partition, position + length - 1, 1)).isEmpty();
      assertThat(footer.flawOf(partition, position - 1, length)).isPresent();
      assertThat(footer.flawOf(partition, position, length + 1)).isPresent();
      assertThat(footer.flawOf(partition, position + 1, length)).isPresent();
      assertThat(footer.flawOf(partition, position + length, 1)).isPresent();
      assertThat(footer.flawOf(partition, Long.MAX_VALUE, Integer.MAX_VALUE)).isPresent();
    }
    for (int absent : new int[] {0, 1, 99, 1_000}) {
      assertThat(footer.flawOf(Batches.partition(3, absent * 2 + 1), 64, 1)).isPresent();
    }
  }

  @Test
  void theHeadOfAnotherFileIsFoundEvenIfItIsInGoodOrder() {
    byte[] other = fileOf(new FileOrigin(CLUSTER, FILE_ID, Batches.ORIGIN.nonce() + 1));
    byte[] mixed = bytes.clone();
    System.arraycopy(other, 0, mixed, 0, FileFormat.HEADER_BYTES);

    assertThatThrownBy(() -> footer(mixed))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("the header is not the one that the footer repeats");
  }

  @Test
  void aMarkOfAnotherVersionInFrontIsFound() throws IOException {
    byte[] released = released();
    byte[] mixed = released.clone();
    System.arraycopy(bytes, 0, mixed, 0, FileFormat.MARK_BYTES);

    assertThatThrownBy(() -> footer(mixed))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("the header is of version 2");
  }

  @Test
  void everyFlippedBitOfAFileOfVersion1IsFound() throws IOException {
    byte[] released = released();
    FileIndex index = footer(released).index();
    for (int bit = 0; bit < released.length * Byte.SIZE; bit++) {
      byte[] damaged = released.clone();
      damaged[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));

      assertThat(isSound(damaged, index)).as("bit %d flipped", bit).isFalse();
    }
  }

  @Test
  void aFileOfVersion1IsAnybodysButItsRunsAreTheirPartitions() throws IOException {
    FileFooter old = footer(released());

    assertThat(old.flawAs(CLUSTER, 5)).isEmpty();
    assertThat(old.flawOf(Batches.partition(1, 0), 8, 446)).isEmpty();
    assertThat(old.flawOf(Batches.partition(1, 7), 8, 446)).isPresent();
  }

  @Test
  void anIdThatNoFileCanNameIsRefused() {
    String longest = "x".repeat(FileOrigin.CLUSTER_ID_CHARS_MAX);
    byte[] file = fileOf(new FileOrigin(longest, Long.MAX_VALUE, -1));

    assertThat(footer(file).origin()).contains(new FileOrigin(longest, Long.MAX_VALUE, -1));
    for (String id : List.of("", longest + "x", "a b", "a\u0000", "ä", "a/b")) {
      assertThatThrownBy(() -> new FileOrigin(id, 1, 0))
          .as("'%s'", id)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new FileOrigin(CLUSTER, -1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static boolean isSound(byte[] file, FileIndex expected) {
    try {
      FileIndex index = footer(file).index();
      for (FileExtent extent : index.extents()) {
        FileReader.verifyExtent(
            extent, ByteBuffer.wrap(file).slice((int) extent.position(), extent.length()));
      }
      return index.equals(expected);
    } catch (CorruptFileException e) {
      return false;
    }
  }

  private static FileFooter footer(byte[] file) {
    return FileReader.footerOf(KEY, ByteBuffer.wrap(file));
  }

  private byte[] fileOf(FileOrigin origin) {
    List<PartitionRun> runs =
        IntStream.range(0, 9)
            .mapToObj(i -> Batches.run(random, Batches.partition(3, 2 * i), 1 + i % 2))
            .toList();
    byte[] file = BytesStore.bytesOf(FileComposer.compose(origin, runs).body());
    return file;
  }

  private static byte[] released() throws IOException {
    try (InputStream in = FileFooterTest.class.getResourceAsStream("/format/v1/ingest.bin")) {
      return in.readAllBytes();
    }
  }
}
