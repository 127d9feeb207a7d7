package io.weft.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GatheredBytesTest {
  private final byte[] whole = new byte[100];

  GatheredBytesTest() {
    new Random(7).nextBytes(whole);
  }

  private GatheredBytes cut(int... cuts) {
    List<ByteBuffer> parts = new ArrayList<>();
    int from = 0;
    for (int cut : cuts) {
      parts.add(ByteBuffer.wrap(whole, from, cut - from));
      from = cut;
    }
    parts.add(ByteBuffer.wrap(whole, from, whole.length - from));
    return GatheredBytes.of(parts);
  }

  @Test
  void numbersReadTheSameAcrossAnyBoundary() {
    ByteBuffer plain = ByteBuffer.wrap(whole);
    GatheredBytes cut = cut(1, 2, 3, 3, 10, 11, 50, 57, 63, 99);
    for (int at = 0; at <= 92; at++) {
      assertThat(cut.longAt(at)).isEqualTo(plain.getLong(at));
      assertThat(cut.intAt(at)).isEqualTo(plain.getInt(at));
      assertThat(cut.shortAt(at)).isEqualTo(plain.getShort(at));
      assertThat(cut.byteAt(at)).isEqualTo(plain.get(at));
    }
  }

  @Test
  void slicesAndCopiesHoldTheirRange() {
    GatheredBytes cut = cut(10, 20, 30);
    for (int from = 0; from < 40; from++) {
      GatheredBytes slice = cut.slice(from, from + 17);
      assertThat(slice.length()).isEqualTo(17);
      assertThat(slice.copy(0, 17)).isEqualTo(ByteBuffer.wrap(whole, from, 17));
    }
  }

  @Test
  void theBuffersOwnPositionsAreLeftAlone() {
    ByteBuffer part = ByteBuffer.wrap(whole, 5, 20);
    GatheredBytes.of(part).parts(0, 20).forEach(view -> view.position(view.limit()));
    assertThat(part.position()).isEqualTo(5);
    assertThat(part.remaining()).isEqualTo(20);
  }

  @Test
  void indexesOutsideAreRefused() {
    GatheredBytes cut = cut(10);
    assertThatThrownBy(() -> cut.longAt(93)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> cut.byteAt(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> cut.parts(90, 101)).isInstanceOf(IndexOutOfBoundsException.class);
  }
}
