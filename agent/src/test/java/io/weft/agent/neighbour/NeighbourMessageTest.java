package io.weft.agent.neighbour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.agent.neighbour.NeighbourMessage.Refusal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The bytes that agents of a zone send each other.
class NeighbourMessageTest {
  private static final RangeAsked FIRST = new RangeAsked(1L << 40, 1L << 33, 4_096, true, false);
  private static final RangeAsked SECOND = new RangeAsked(0, 0, RangeAsked.LENGTH_MAX, false, true);

  @Test
  void aRequestIsReadAsItWasWritten() throws GarbledMessageException {
    byte[] request = NeighbourMessage.request(List.of(FIRST, SECOND));

    assertThat(request).hasSizeLessThanOrEqualTo(NeighbourMessage.REQUEST_BYTES_MAX);
    assertThat(NeighbourMessage.readRequest(request)).containsExactly(FIRST, SECOND);
    assertThat(HexFormat.of().formatHex(NeighbourMessage.request(List.of(FIRST))))
        .isEqualTo("01" + "0001" + "0000010000000000" + "0000000200000000" + "00001000" + "01");
  }

  @Test
  void messagesAreReadAsTheyWereWritten() throws GarbledMessageException {
    byte[] bytes = {1, 2, 3};
    assertThat(NeighbourMessage.read(NeighbourMessage.footer(7, bytes)))
        .isEqualTo(new NeighbourMessage.Footer(7, ByteBuffer.wrap(bytes)));
    List<ByteBuffer> parts = List.of(ByteBuffer.wrap(bytes, 0, 1), ByteBuffer.wrap(bytes, 1, 2));
    assertThat(NeighbourMessage.read(NeighbourMessage.piece(7, 9, parts, 3)))
        .isEqualTo(new NeighbourMessage.Piece(7, 9, ByteBuffer.wrap(bytes)));
    assertThat(NeighbourMessage.read(NeighbourMessage.known(7, -9)))
        .isEqualTo(new NeighbourMessage.Known(7, -9));
    assertThat(NeighbourMessage.read(NeighbourMessage.notYet(7)))
        .isEqualTo(new NeighbourMessage.NotYet(7));
    for (Refusal reason : Refusal.values()) {
      assertThat(NeighbourMessage.read(NeighbourMessage.refused(7, reason)))
          .isEqualTo(new NeighbourMessage.Refused(7, reason));
    }
  }

  @Test
  void requestsBeyondTheLimitsAreRefused() {
    byte[] tooMany =
        NeighbourMessage.request(Collections.nCopies(NeighbourMessage.RANGES_MAX + 1, FIRST));
    assertThatThrownBy(() -> NeighbourMessage.readRequest(tooMany))
        .isInstanceOf(GarbledMessageException.class)
        .hasMessageContaining("65 ranges");
    byte[] tooLong = NeighbourMessage.request(List.of(SECOND));
    ByteBuffer.wrap(tooLong).putInt(19, RangeAsked.LENGTH_MAX + 1);
    assertThatThrownBy(() -> NeighbourMessage.readRequest(tooLong))
        .isInstanceOf(GarbledMessageException.class)
        .hasMessageContaining("a range of 4194305 bytes");
    byte[] negative = NeighbourMessage.request(List.of(SECOND));
    ByteBuffer.wrap(negative).putLong(11, -1);
    assertThatThrownBy(() -> NeighbourMessage.readRequest(negative))
        .isInstanceOf(GarbledMessageException.class)
        .hasMessageContaining("from byte -1 on");
    byte[] tooMuch = NeighbourMessage.request(Collections.nCopies(5, SECOND));
    assertThatThrownBy(() -> NeighbourMessage.readRequest(tooMuch))
        .isInstanceOf(GarbledMessageException.class)
        .hasMessage("a request for 20971520 bytes, 16777216 are allowed");
    byte[] newer = NeighbourMessage.request(List.of(FIRST));
    newer[0] = 2;
    assertThatThrownBy(() -> NeighbourMessage.readRequest(newer))
        .isInstanceOf(GarbledMessageException.class);
  }

  @Test
  void damagedBytesAreSomethingOrGarbledAndNothingElse() {
    Random random = new Random(42);
    List<byte[]> whole = new ArrayList<>();
    whole.add(NeighbourMessage.request(List.of(FIRST, SECOND)));
    whole.add(NeighbourMessage.footer(7, new byte[90]));
    whole.add(NeighbourMessage.piece(7, 9, List.of(ByteBuffer.wrap(new byte[9])), 9));
    whole.add(NeighbourMessage.refused(7, Refusal.FAILED));
    whole.add(NeighbourMessage.known(7, 5));
    whole.add(NeighbourMessage.notYet(7));
    int garbled = 0;
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = whole.get(random.nextInt(whole.size())).clone();
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      garbled += isGarbled(bytes) ? 1 : 0;
    }
    assertThat(garbled).isPositive();
  }

  private static boolean isGarbled(byte[] bytes) {
    boolean garbled = false;
    try {
      var _ = NeighbourMessage.readRequest(bytes);
    } catch (GarbledMessageException expected) {
      garbled = true;
    }
    try {
      var _ = NeighbourMessage.read(bytes);
    } catch (GarbledMessageException expected) {
      garbled = true;
    }
    return garbled;
  }
}
