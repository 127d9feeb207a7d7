package io.weft.storage.file;

import static io.weft.storage.file.BytesStore.KEY;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FileDumpTest {
  private final Random random = new Random(99);
  private final ComposedFile file =
      FileComposer.compose(
          Batches.ORIGIN,
          List.of(
              Batches.run(random, Batches.partition(5, 0), 2),
              Batches.run(random, Batches.partition(5, 1), 1)));
  private final byte[] bytes = BytesStore.bytesOf(file.body());

  @Test
  void everyExtentAndBatchIsALine() {
    String dump = dump();

    assertThat(dump.lines()).hasSize(2 + 2 + 3 + 1);
    assertThat(dump)
        .startsWith("files/00000000000000000007: ingest file, format version 2\n")
        .contains("\ncluster kD3mJ0pWTzGq_8-Nf2sXyA, file id 7, nonce 0123456789abcdef\n")
        .contains("producer 42 epoch 3 sequence 17")
        .endsWith("2 partitions, 3 batches, %d records\n".formatted(records()))
        .doesNotContain("NOT");
  }

  @Test
  void aDamagedBatchIsMarkedAndTheRestIsRead() {
    bytes[FileComposer.HEADER_BYTES + BatchHead.ATTRIBUTES + 1] ^= 4;

    assertThat(dump().lines().filter(line -> line.contains("NOT ok"))).hasSize(2);
    assertThat(dump()).contains("2 partitions, 3 batches");
  }

  @Test
  void aBatchThatAnnouncesTooMuchEndsItsExtent() {
    bytes[FileComposer.HEADER_BYTES + BatchHead.LENGTH] = 0x7f;

    assertThat(dump()).contains("at 64: NOT a batch").contains("partition " + lastPartition());
  }

  private String lastPartition() {
    return file.index().extents().getLast().partition().toString();
  }

  private int records() {
    return file.index().extents().stream().mapToInt(FileExtent::records).sum();
  }

  private String dump() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    FileDump.print(new BytesStore(bytes), KEY, new PrintWriter(out, true, UTF_8));
    return out.toString(UTF_8).replace(System.lineSeparator(), "\n");
  }
}
