package io.weft.storage.file;

import static io.weft.storage.file.BytesStore.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The bytes of format v1 as they were released: writing them must not change, and reading them
/// must never stop working.
class GoldenFileTest {
  private static final String GOLDEN = "/format/v1/ingest.bin";

  @Test
  void todaysWriterWritesTheReleasedBytes() throws IOException {
    assertThat(BytesStore.bytesOf(composed().body())).isEqualTo(golden());
  }

  @Test
  void theReleasedBytesAreUnderstood() throws IOException {
    byte[] bytes = golden();

    FileIndex index = FileReader.readIndex(new BytesStore(bytes), KEY);

    assertThat(index.extents())
        .containsExactly(
            new FileExtent(
                Batches.partition(1, 0),
                8,
                446,
                2,
                142,
                1_700_000_000_333L,
                1_700_000_001_009L,
                0xcb6d5025),
            new FileExtent(
                Batches.partition(1, 7),
                454,
                314,
                1,
                21,
                1_700_000_000_156L,
                1_700_000_001_113L,
                0x03627c03),
            new FileExtent(
                Batches.partition(-3, 2),
                768,
                562,
                3,
                234,
                1_700_000_000_102L,
                1_700_000_001_063L,
                0xf5ed90a8));
    for (FileExtent extent : index.extents()) {
      FileReader.verifyExtent(
          extent, ByteBuffer.wrap(bytes).slice((int) extent.position(), extent.length()));
    }
  }

  private static ComposedFile composed() {
    Random random = new Random(1);
    return FileComposer.compose(
        List.of(
            Batches.run(random, Batches.partition(1, 0), 2),
            Batches.run(random, Batches.partition(1, 7), 1),
            Batches.run(random, Batches.partition(-3, 2), 3)));
  }

  private static byte[] golden() throws IOException {
    try (InputStream in = GoldenFileTest.class.getResourceAsStream(GOLDEN)) {
      return in.readAllBytes();
    }
  }
}
