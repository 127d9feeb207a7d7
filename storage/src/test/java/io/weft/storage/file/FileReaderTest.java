package io.weft.storage.file;

import static io.weft.storage.file.BytesStore.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FileReaderTest {
  private static final int COUNT_FROM_END = 20;
  private static final int LENGTH_FROM_END = 12;

  private final Random random = new Random(815);
  private final byte[] small = fileOf(3);

  @Test
  void everyFlippedBitIsFound() {
    for (int bit = 0; bit < small.length * Byte.SIZE; bit++) {
      byte[] damaged = small.clone();
      damaged[bit / Byte.SIZE] ^= (byte) (1 << (bit % Byte.SIZE));

      assertThat(isSound(damaged)).as("bit %d flipped", bit).isFalse();
    }
    assertThat(isSound(small)).isTrue();
  }

  @Test
  void everyTruncationIsFound() {
    for (int length = 0; length < small.length; length++) {
      assertThat(isSound(Arrays.copyOf(small, length))).as("cut to %d", length).isFalse();
      assertThat(isSound(Arrays.copyOfRange(small, small.length - length, small.length)))
          .as("last %d bytes", length)
          .isFalse();
    }
  }

  @Test
  void bytesAddedInFrontOrBehindAreFound() {
    byte[] behind = Arrays.copyOf(small, small.length + 1);
    byte[] inFront = new byte[small.length + 1];
    System.arraycopy(small, 0, inFront, 1, small.length);

    assertThat(isSound(behind)).isFalse();
    assertThat(isSound(inFront)).isFalse();
  }

  @Test
  void bytesOfChanceAreNoFile() {
    for (int i = 0; i < 500; i++) {
      byte[] noise = new byte[random.nextInt(2000)];
      random.nextBytes(noise);

      assertThat(isSound(noise)).as("round %d", i).isFalse();
    }
  }

  @Test
  void somethingElseIsCalledNoWeftFile() {
    assertThatThrownBy(() -> index(new byte[500]))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("no mark of a Weft file")
        .hasMessageContaining(KEY.name());
  }

  @Test
  void anUnknownVersionIsNamed() {
    byte[] later = small.clone();
    later[later.length - 7] = 9;

    assertThatThrownBy(() -> index(later))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("unknown format version 9; this program reads versions 1 to 2");
  }

  @Test
  void anUnknownKindIsNamed() {
    byte[] other = small.clone();
    other[other.length - 8] = 2;

    assertThatThrownBy(() -> index(other))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("unknown kind of file 2");
  }

  @Test
  void announcedLengthsAreNotBelieved() {
    for (int extents : new int[] {Integer.MAX_VALUE, -1, 0, 35_791_394, 65_536}) {
      byte[] lying = small.clone();
      ByteBuffer.wrap(lying).putInt(lying.length - COUNT_FROM_END, extents);
      ByteBuffer.wrap(lying)
          .putInt(
              lying.length - LENGTH_FROM_END, FileFormat.footerBytes(FileFormat.VERSION, extents));
      BytesStore store = new BytesStore(lying);

      assertThatThrownBy(() -> FileReader.readFooter(store, KEY).index())
          .isInstanceOf(CorruptFileException.class);
      assertThat(store.readLengths()).as("only the tail is read").containsExactly(lying.length);
    }
  }

  @Test
  void anObjectLongerThanAnyFileIsNotRead() {
    BytesStore store = new BytesStore(small);

    assertThatThrownBy(() -> FileReader.readFooter(store, KEY, Long.MAX_VALUE))
        .isInstanceOf(CorruptFileException.class);
    assertThat(store.readLengths()).isEmpty();
  }

  @Test
  void aFooterInTheTailCostsOneRead() {
    PartitionRun run =
        new PartitionRun(
            Batches.partition(1, 0), List.of(Batches.batch(random, 1, FileReader.TAIL_BYTES)));
    BytesStore store = new BytesStore(bytesOf(List.of(run)));

    FileReader.readFooter(store, KEY).index();

    assertThat(store.readLengths()).containsExactly(FileReader.TAIL_BYTES);
  }

  @Test
  void aFooterLargerThanTheTailCostsOneMore() {
    List<PartitionRun> runs =
        IntStream.range(0, 2000)
            .mapToObj(i -> Batches.run(random, Batches.partition(1, i), 1))
            .toList();
    ComposedFile file = FileComposer.compose(Batches.ORIGIN, runs);
    BytesStore store = new BytesStore(BytesStore.bytesOf(file.body()));

    FileIndex index = FileReader.readFooter(store, KEY).index();

    int rest = FileFormat.footerBytes(FileFormat.VERSION, 2000) - FileReader.TAIL_BYTES;
    assertThat(index).isEqualTo(file.index());
    assertThat(store.readLengths()).containsExactly(FileReader.TAIL_BYTES, rest);
  }

  @Test
  void aTailThatIsThereAlreadyIsNotReadAgain() {
    List<PartitionRun> runs =
        IntStream.range(0, 2000)
            .mapToObj(i -> Batches.run(random, Batches.partition(1, i), 1))
            .toList();
    ComposedFile file = FileComposer.compose(Batches.ORIGIN, runs);
    byte[] bytes = BytesStore.bytesOf(file.body());
    int footerBytes = FileFormat.footerBytes(FileFormat.VERSION, 2000);
    for (int length : new int[] {FileReader.TAIL_BYTES, footerBytes, bytes.length}) {
      BytesStore store = new BytesStore(bytes);
      ByteBuffer tail = ByteBuffer.wrap(bytes, bytes.length - length, length);

      FileIndex index = FileReader.readFooter(store, KEY, bytes.length, tail).index();

      assertThat(index).isEqualTo(file.index());
      if (length < footerBytes) {
        assertThat(store.readLengths()).containsExactly(footerBytes - length);
      } else {
        assertThat(store.readLengths()).isEmpty();
      }
    }
  }

  @Test
  void extentsThatLeaveAGapAreFound() {
    byte[] bytes = small.clone();
    int footer = bytes.length - FileFormat.footerBytes(FileFormat.VERSION, 3);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int position = footer + FileFormat.HEADER_BYTES + 20;
    buffer.putLong(position, buffer.getLong(position) + 1);
    sealFooter(buffer, footer);

    assertThatThrownBy(() -> index(bytes))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("extent 0 is not where");
  }

  @Test
  void extentsThatReachIntoTheFooterAreFound() {
    byte[] bytes = small.clone();
    int last = bytes.length - FileFormat.TRAILER_BYTES - FileFormat.EXTENT_BYTES;
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    buffer.putInt(last + 28, Integer.MAX_VALUE);
    sealFooter(buffer, bytes.length - FileFormat.footerBytes(FileFormat.VERSION, 3));

    assertThatThrownBy(() -> index(bytes))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("extent 2 is not where");
  }

  @Test
  void anExtentOfAnotherLengthIsRefused() {
    FileExtent extent = index(small).extents().getFirst();

    assertThatThrownBy(() -> FileReader.verifyExtent(extent, ByteBuffer.allocate(3)))
        .isInstanceOf(CorruptFileException.class)
        .hasMessageContaining("3 bytes instead of");
  }

  private static void sealFooter(ByteBuffer file, int footer) {
    int covered = file.limit() - FileFormat.TRAILER_BYTES + Integer.BYTES - footer;
    int crc =
        FileFormat.footerCrc(
            FileFormat.VERSION, FileFormat.KIND_INGEST, file.slice(footer, covered));
    file.putInt(footer + covered, crc);
  }

  private static FileIndex index(byte[] bytes) {
    return FileReader.readFooter(new BytesStore(bytes), KEY).index();
  }

  private static boolean isSound(byte[] bytes) {
    try {
      for (FileExtent extent : index(bytes).extents()) {
        FileReader.verifyExtent(
            extent, ByteBuffer.wrap(bytes).slice((int) extent.position(), extent.length()));
      }
      return true;
    } catch (CorruptFileException e) {
      return false;
    }
  }

  private byte[] fileOf(int partitions) {
    return bytesOf(
        IntStream.range(0, partitions)
            .mapToObj(i -> Batches.run(random, Batches.partition(9, i), 1 + i % 2))
            .toList());
  }

  private static byte[] bytesOf(List<PartitionRun> runs) {
    return BytesStore.bytesOf(FileComposer.compose(Batches.ORIGIN, runs).body());
  }
}
