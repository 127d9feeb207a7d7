package io.weft.controlplane.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WireWriterTest {
  @Test
  void growsToTheLargestArrayThereMayBeAndNoFurther() {
    assertThat(WireWriter.grown(256, 257)).isEqualTo(512);
    assertThat(WireWriter.grown(256, 5_000)).isEqualTo(5_000);
    assertThat(WireWriter.grown(1 << 30, (1L << 30) + 1)).isEqualTo(WireWriter.ARRAY_BYTES_MAX);
    assertThat(WireWriter.grown(WireWriter.ARRAY_BYTES_MAX - 1, WireWriter.ARRAY_BYTES_MAX))
        .isEqualTo(WireWriter.ARRAY_BYTES_MAX);
    assertThatThrownBy(
            () -> WireWriter.grown(WireWriter.ARRAY_BYTES_MAX, WireWriter.ARRAY_BYTES_MAX + 1L))
        .isInstanceOf(OversizeException.class)
        .hasMessageContaining("2147483639");
  }

  /// The same values, in one array and in pages of any size, are the same bytes, and are read back.
  @ParameterizedTest
  @ValueSource(ints = {16, 17, 31, 64, 1_000, 1 << 20})
  void pagesAreTheSameBytes(int pageBytes) {
    WireWriter whole = new WireWriter();
    WireWriter paged = WireWriter.paged(pageBytes, Long.MAX_VALUE);
    fill(whole);
    fill(paged);

    long length = paged.length();
    Deque<ByteBuffer> pages = paged.takePages();
    assertThat(length).isEqualTo(whole.size());
    assertThat(pages).allMatch(page -> page.remaining() > 0 && page.remaining() <= pageBytes);
    ByteBuffer joined = ByteBuffer.allocate((int) length);
    pages.forEach(page -> joined.put(page.duplicate()));
    assertThat(joined.array()).isEqualTo(whole.toByteArray());
    check(new WireReader(whole.toByteArray()));
    check(reader(pages, length));
  }

  /// Wherever the pages end, also where our writer would not end one.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7})
  void pagesMayEndAnywhere(int pageBytes) {
    WireWriter whole = new WireWriter();
    fill(whole);
    byte[] bytes = whole.toByteArray();
    Deque<ByteBuffer> pages = new ArrayDeque<>();
    for (int from = 0; from < bytes.length; from += pageBytes) {
      pages.add(ByteBuffer.wrap(bytes, from, Math.min(pageBytes, bytes.length - from)));
    }
    check(reader(pages, whole.size()));
  }

  @Test
  void pagesCutShortAreMalformed() {
    WireWriter paged = WireWriter.paged(64, Long.MAX_VALUE);
    fill(paged);
    Deque<ByteBuffer> pages = paged.takePages();
    long length = pages.stream().mapToLong(ByteBuffer::remaining).sum();
    length -= pages.removeLast().remaining();
    WireReader cut = reader(pages, length);
    assertThatThrownBy(() -> check(cut)).isInstanceOf(MalformedBytesException.class);
  }

  @Test
  void aRowOfPagesHasItsLimit() {
    WireWriter paged = WireWriter.paged(16, 40);
    assertThatThrownBy(
            () -> {
              paged.writeBytes(new byte[60]);
              paged.takePages();
            })
        .isInstanceOf(OversizeException.class)
        .hasMessageContaining("40");
  }

  private static WireReader reader(Deque<ByteBuffer> pages, long length) {
    return new WireReader(
        () -> {
          ByteBuffer page = pages.removeFirst();
          byte[] bytes = new byte[page.remaining()];
          page.get(bytes);
          return bytes;
        },
        length);
  }

  private static void fill(WireWriter out) {
    Random random = new Random(9);
    for (int i = 0; i < 300; i++) {
      out.writeByte(i);
      out.writeShort(i * 100);
      out.writeInt(random.nextInt());
      out.writeLong(random.nextLong());
      out.writeVarLong(random.nextLong() >> (i % 64));
      out.writeBoolean(i % 2 == 0);
      out.writeString("wörter ".repeat(i % 9));
      out.writeBytes(new byte[i]);
    }
  }

  private static void check(WireReader in) {
    Random random = new Random(9);
    for (int i = 0; i < 300; i++) {
      assertThat(in.readByte()).isEqualTo((byte) i);
      assertThat(in.readShort()).isEqualTo((short) (i * 100));
      assertThat(in.readInt()).isEqualTo(random.nextInt());
      assertThat(in.readLong()).isEqualTo(random.nextLong());
      assertThat(in.readVarLong()).isEqualTo(random.nextLong() >> (i % 64));
      assertThat(in.readBoolean()).isEqualTo(i % 2 == 0);
      assertThat(in.readString()).isEqualTo("wörter ".repeat(i % 9));
      assertThat(in.readBytes()).hasSize(i);
    }
    in.finish();
  }
}
