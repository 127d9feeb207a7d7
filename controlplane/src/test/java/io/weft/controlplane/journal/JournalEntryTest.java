package io.weft.controlplane.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class JournalEntryTest {
  private static final JournalTip TIP = new JournalTip(41, 3, 77, 1_000, 0xCAFE);

  @Test
  void readsWhatItWrote() {
    JournalEntry written = JournalEntry.following(TIP, 3, 77, 1_234, new byte[] {1, 2, 3});
    JournalEntry read = JournalEntry.read(42, written.frame());
    assertThat(read.tip()).isEqualTo(written.tip());
    assertThat(read.tip().index()).isEqualTo(42);
    assertThat(read.tip().timeMs()).isEqualTo(1_234);
    assertThat(read.previousCrc()).isEqualTo(0xCAFE);
    assertThat(read.body()).containsExactly(1, 2, 3);
    assertThat(TIP.after(read)).isEqualTo(read.tip());
  }

  /// Version 1 is on people's disks: these bytes must be read for ever.
  @Test
  void readsAndWritesTheBytesOfVersion1() {
    JournalEntry written = JournalEntry.following(TIP, 3, 77, 1_234, new byte[] {1, 2, 3});
    assertThat(HexFormat.of().formatHex(written.frame()))
        .isEqualTo(
            "57464a4501000000000000002a0000000000000003000000000000004d00000000000004d2"
                + "0000cafe06010203cd7c5e5b");
  }

  @Test
  void noticesEveryFlippedBit() {
    byte[] frame = JournalEntry.following(TIP, 3, 77, 1_234, new byte[] {1, 2, 3}).frame();
    for (int bit = 0; bit < frame.length * 8; bit++) {
      byte[] damaged = frame.clone();
      damaged[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> JournalEntry.read(42, damaged))
          .as("bit %d", bit)
          .isInstanceOf(JournalException.Damaged.class);
    }
  }

  @Test
  void noticesEveryCut() {
    byte[] frame = JournalEntry.following(TIP, 3, 77, 1_234, new byte[] {1, 2, 3}).frame();
    for (int length = 0; length < frame.length; length++) {
      byte[] cut = Arrays.copyOf(frame, length);
      assertThatThrownBy(() -> JournalEntry.read(42, cut))
          .as("length %d", length)
          .isInstanceOf(JournalException.Damaged.class);
    }
  }

  @Test
  void readsNoiseAsDamage() {
    long seed = 5;
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      byte[] noise = new byte[random.nextInt(200)];
      random.nextBytes(noise);
      assertThatThrownBy(() -> JournalEntry.read(1, noise))
          .isInstanceOf(JournalException.Damaged.class);
    }
  }

  @Test
  void isNotTheEntryOfAnotherIndex() {
    byte[] frame = JournalEntry.following(TIP, 3, 77, 1_234, new byte[0]).frame();
    assertThatThrownBy(() -> JournalEntry.read(43, frame))
        .isInstanceOf(JournalException.Damaged.class)
        .hasMessageContaining("entry 42");
  }

  @Test
  void doesNotFollowAnotherHistory() {
    JournalTip other = new JournalTip(41, 3, 77, 1_000, 0xBABE);
    assertUnrelated(other, JournalEntry.following(TIP, 3, 77, 1_234, new byte[0]));
  }

  @Test
  void hasOneWriterAnEpoch() {
    assertUnrelated(TIP, JournalEntry.following(TIP, 3, 78, 1_234, new byte[0]));
    assertUnrelated(TIP, JournalEntry.following(TIP, 4, 77, 1_234, new byte[0]));
    assertThat(TIP.after(JournalEntry.following(TIP, 4, 78, 1_234, new byte[0])).epoch())
        .isEqualTo(4);
  }

  @Test
  void neitherSkipsAnEpochNorGoesBack() {
    assertUnrelated(TIP, JournalEntry.following(TIP, 5, 78, 1_234, new byte[0]));
    assertUnrelated(TIP, JournalEntry.following(TIP, 2, 78, 1_234, new byte[0]));
  }

  @Test
  void neverGoesBackInTime() {
    assertUnrelated(TIP, JournalEntry.following(TIP, 3, 77, 999, new byte[0]));
  }

  private static void assertUnrelated(JournalTip tip, JournalEntry entry) {
    assertThatThrownBy(() -> tip.after(entry)).isInstanceOf(JournalException.Damaged.class);
  }
}
