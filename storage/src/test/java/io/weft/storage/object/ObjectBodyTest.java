package io.weft.storage.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A body is read as often as one likes, and knows when its bytes were changed; a key is clean.
final class ObjectBodyTest {
  @Test
  void slicesCanBeReadAgain() {
    ObjectBody body = ObjectBody.of("123456789".getBytes(StandardCharsets.US_ASCII));
    body.slices().getFirst().position(5);
    assertThat(body.slices().getFirst().remaining()).isEqualTo(9);
    assertThat(body.toBytes()).isEqualTo("123456789".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void theChecksumIsTheWellKnownOne() {
    // The check value of CRC-32C (RFC 3720, B.4 names its polynomial).
    assertThat(ObjectBody.of("123456789".getBytes(StandardCharsets.US_ASCII)).crc32c())
        .isEqualTo(0xE3069283);
  }

  @Test
  void aChangedBodyIsNotIntact() {
    byte[] bytes = new byte[10];
    ObjectBody body = ObjectBody.of(List.of(ByteBuffer.wrap(bytes)), ObjectBody.of(bytes).crc32c());
    assertThat(body.intact()).isTrue();
    bytes[3] = 1;
    assertThat(body.intact()).isFalse();
  }

  @Test
  void keysAreClean() {
    for (String name :
        List.of(
            "",
            "/",
            "a/",
            "/a",
            "a//b",
            ".",
            "..",
            "a/../b",
            "./a",
            "a b",
            "ä",
            "a\\b",
            "a\0",
            "x".repeat(513))) {
      assertThatThrownBy(() -> new ObjectKey(name))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (String name : List.of("a", "a/b-c_d.e", "...", "x".repeat(512))) {
      assertThat(new ObjectKey(name).name()).isEqualTo(name);
    }
  }
}
