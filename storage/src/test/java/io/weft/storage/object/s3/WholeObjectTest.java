package io.weft.storage.object.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WholeObjectTest {
  private static final int FIRST = WholeObject.FIRST_BYTES_MAX;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, FIRST - 1, FIRST, FIRST + 1, 4 * FIRST, 9 * FIRST + 7})
  void anObjectOfAnyLengthIsReadWhole(int length) throws Exception {
    byte[] bytes = noise(length);

    assertThat(WholeObject.read(new ByteArrayInputStream(bytes), length)).contains(bytes);
  }

  @Test
  void anAnswerThatEndsEarlyIsNotTaken() throws Exception {
    for (int missing : new int[] {1, FIRST, 3 * FIRST}) {
      byte[] bytes = noise(3 * FIRST + 5 - missing);

      assertThat(WholeObject.read(new ByteArrayInputStream(bytes), 3 * FIRST + 5)).isEmpty();
    }
  }

  @Test
  void memoryFollowsWhatHasArrivedWhateverLengthIsAnnounced() throws Exception {
    Asked asked = new Asked(new ByteArrayInputStream(noise(5 * FIRST)));

    assertThat(WholeObject.read(asked, Integer.MAX_VALUE - 8)).isEmpty();
    assertThat(asked.most).isLessThanOrEqualTo(WholeObject.GROWTH * 5L * FIRST);
  }

  /// Notes the largest array it was given.
  private static final class Asked extends InputStream {
    private final InputStream bytes;
    private long most;

    Asked(InputStream bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() throws IOException {
      return bytes.read();
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
      most = Math.max(most, target.length);
      return bytes.read(target, from, count);
    }
  }

  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }
}
