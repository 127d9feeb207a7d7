package io.weft.storage.file;

import static io.weft.storage.file.BytesStore.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The bytes of each format as they were released: what is written today must not change, and
/// reading what was ever written must never stop working.
class GoldenFileTest {
  private static final String VERSION_1 = "/format/v1/ingest.bin";
  private static final String VERSION_2 = "/format/v2/ingest.bin";

  @Test
  void todaysWriterWritesTheReleasedBytes() throws IOException {
    assertThat(BytesStore.bytesOf(composed().body())).isEqualTo(golden(VERSION_2));
  }

  @Test
  void version2IsUnderstood() throws IOException {
    byte[] bytes = golden(VERSION_2);

    FileFooter footer = FileReader.readFooter(new BytesStore(bytes), KEY);

    assertThat(footer.version()).isEqualTo((byte) 2);
    assertThat(footer.origin()).contains(Batches.ORIGIN);
    checkExtents(bytes, footer, FileFormat.HEADER_BYTES);
    assertThat(FileReader.footerOf(KEY, ByteBuffer.wrap(bytes)).index()).isEqualTo(footer.index());
  }

  @Test
  void version1IsUnderstood() throws IOException {
    byte[] bytes = golden(VERSION_1);

    FileFooter footer = FileReader.readFooter(new BytesStore(bytes), KEY);

    assertThat(footer.version()).isEqualTo((byte) 1);
    assertThat(footer.origin()).isEmpty();
    checkExtents(bytes, footer, FileFormat.MARK_BYTES);
    assertThat(FileReader.footerOf(KEY, ByteBuffer.wrap(bytes)).index()).isEqualTo(footer.index());
  }

  private static void checkExtents(byte[] bytes, FileFooter footer, int begin) {
    assertThat(footer.index().extents())
        .containsExactly(
            new FileExtent(
                Batches.partition(1, 0),
                begin,
                446,
                2,
                142,
                1_700_000_000_333L,
                1_700_000_001_009L,
                0xcb6d5025),
            new FileExtent(
                Batches.partition(1, 7),
                begin + 446,
                314,
                1,
                21,
                1_700_000_000_156L,
                1_700_000_001_113L,
                0x03627c03),
            new FileExtent(
                Batches.partition(-3, 2),
                begin + 760,
                562,
                3,
                234,
                1_700_000_000_102L,
                1_700_000_001_063L,
                0xf5ed90a8));
    for (FileExtent extent : footer.index().extents()) {
      FileReader.verifyExtent(
          extent, ByteBuffer.wrap(bytes).slice((int) extent.position(), extent.length()));
      assertThat(footer.find(extent.partition())).contains(extent);
    }
  }

  private static ComposedFile composed() {
    Random random = new Random(1);
    return FileComposer.compose(
        Batches.ORIGIN,
        List.of(
            Batches.run(random, Batches.partition(1, 0), 2),
            Batches.run(random, Batches.partition(1, 7), 1),
            Batches.run(random, Batches.partition(-3, 2), 3)));
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream in = GoldenFileTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }
}
