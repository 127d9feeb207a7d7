package io.weft.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.protocol.record.Verification.Accepted;
import io.weft.protocol.record.Verification.Reason;
import io.weft.protocol.record.Verification.Refused;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import net.jpountz.lz4.LZ4FrameOutputStream.BLOCKSIZE;
import net.jpountz.lz4.LZ4FrameOutputStream.FLG;
import net.jpountz.xxhash.XXHashFactory;
import org.apache.kafka.common.record.internal.CompressionType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Compressed records that some readers take and others choke on, and bombs.
class DecompressionTest {
  private static final BatchRules RULES = BatchRules.sizeOnly(1 << 20);
  private static final int MIB = 1 << 20;

  @ParameterizedTest
  @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void refusesBytesAfterTheEnd(CompressionType codec) {
    byte[] sound = payload(RawBatch.of("a", "b").codec(codec));
    for (int extra : List.of(1, 2, 3, 4, 5, 8, 16, 20, 100)) {
      for (int value : List.of(0, 7, 0xff)) {
        byte[] longer = Arrays.copyOf(sound, sound.length + extra);
        Arrays.fill(longer, sound.length, longer.length, (byte) value);
        assertThat(reason(codec, longer))
            .as("%d bytes of %d after %s", extra, value, codec)
            .isEqualTo(Reason.INVALID);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void refusesWhatIsCutOff(CompressionType codec) {
    byte[] sound = payload(RawBatch.of("a", "b").codec(codec));
    for (int length = 0; length < sound.length; length++) {
      assertThat(reason(codec, Arrays.copyOf(sound, length)))
          .as("%d of %d bytes of %s", length, sound.length, codec)
          .isEqualTo(Reason.INVALID);
    }
  }

  @Test
  void checksTheChecksumOfAnLz4Frame() throws IOException {
    byte[] frame = lz4(FLG.Bits.CONTENT_CHECKSUM, FLG.Bits.BLOCK_INDEPENDENCE);
    assertThat(verify(CompressionType.LZ4, frame)).isInstanceOf(Accepted.class);

    frame[frame.length - 1] ^= 1;
    assertThat(reason(CompressionType.LZ4, frame)).isEqualTo(Reason.INVALID);
  }

  @Test
  void checksTheLengthOfAnLz4Frame() throws IOException {
    byte[] frame = lz4(FLG.Bits.CONTENT_SIZE, FLG.Bits.BLOCK_INDEPENDENCE);
    assertThat(verify(CompressionType.LZ4, frame)).isInstanceOf(Accepted.class);

    frame[6]++;
    // The head's checksum, which is over flags, block size and length.
    frame[14] = (byte) (XXHashFactory.safeInstance().hash32().hash(frame, 4, 10, 0) >> 8);
    assertThat(reason(CompressionType.LZ4, frame)).isEqualTo(Reason.INVALID);
  }

  @Test
  void checksBothNumbersAtTheEndOfAGzipMember() throws IOException {
    byte[] member = gzip(records());
    for (int fromEnd = 1; fromEnd <= 8; fromEnd++) {
      byte[] wrong = member.clone();
      wrong[wrong.length - fromEnd] ^= 1;
      assertThat(reason(CompressionType.GZIP, wrong)).isEqualTo(Reason.INVALID);
    }
  }

  @Test
  void takesSeveralGzipMembersAndAllThatAHeadMayHave() throws IOException {
    byte[] records = records();
    ByteArrayOutputStream members = new ByteArrayOutputStream();
    members.write(gzip(Arrays.copyOf(records, 5)));
    byte[] second = gzip(Arrays.copyOfRange(records, 5, records.length));
    second[3] = 4 | 8 | 16;
    members.write(second, 0, 10);
    members.write(new byte[] {2, 0, 9, 9, 'n', 0, 'c', 0});
    members.write(second, 10, second.length - 10);

    assertThat(verify(CompressionType.GZIP, members.toByteArray())).isInstanceOf(Accepted.class);
    second[3] = (byte) 0x80;
    assertThat(reason(CompressionType.GZIP, second)).isEqualTo(Reason.INVALID);
  }

  @ParameterizedTest
  @EnumSource(value = CompressionType.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void oneRecordMayUnfoldToWhatTheRulesAllow(CompressionType codec) {
    RawBatch batch = new RawBatch().codec(codec);
    batch.record(new RawRecord(0, 0).value("\0".repeat(3 * MIB)));
    ByteBuffer bytes = batch.build();

    Verification small = BatchVerifier.verify(bytes, rules(2 * MIB));
    assertThat(((Refused) small).reason()).isEqualTo(Reason.INVALID);
    assertThat(((Refused) small).message()).contains("max.decompressed.message.bytes");
    assertThat(BatchVerifier.verify(bytes, rules(4 * MIB))).isInstanceOf(Accepted.class);
  }

  @Test
  void allRecordsOfABatchTogetherMayUnfoldToMoreTheLargerABatchMayBe() {
    assertThat(BatchRules.decompressedBytesMax(1 << 20, 1 << 20)).isEqualTo(128 * MIB);
    assertThat(BatchRules.decompressedBytesMax(1 << 20, 200 * MIB)).isEqualTo(200 * MIB);
    assertThat(BatchRules.decompressedBytesMax(100 * MIB, 1 << 20)).isEqualTo(1600L * MIB);
  }

  private static BatchRules rules(int recordBytesMax) {
    return new BatchRules(
        64 * MIB, false, true, Long.MIN_VALUE, Long.MAX_VALUE, recordBytesMax, 1L << 30);
  }

  private static byte[] payload(RawBatch batch) {
    ByteBuffer built = batch.build();
    byte[] bytes = new byte[built.capacity() - BatchHeader.BYTES];
    built.get(BatchHeader.BYTES, bytes);
    return bytes;
  }

  private static byte[] records() {
    return payload(RawBatch.of("a", "b"));
  }

  private static byte[] lz4(FLG.Bits... bits) throws IOException {
    byte[] records = records();
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    try (OutputStream frame =
        new LZ4FrameOutputStream(target, BLOCKSIZE.SIZE_64KB, records.length, bits)) {
      frame.write(records);
    }
    return target.toByteArray();
  }

  private static byte[] gzip(byte[] plain) throws IOException {
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    try (OutputStream member = new GZIPOutputStream(target)) {
      member.write(plain);
    }
    return target.toByteArray();
  }

  private static Verification verify(CompressionType codec, byte[] payload) {
    return BatchVerifier.verify(RawBatch.of("a", "b").codec(codec).payload(payload).build(), RULES);
  }

  private static Reason reason(CompressionType codec, byte[] payload) {
    Verification verification = verify(codec, payload);
    assertThat(verification).isInstanceOf(Refused.class);
    return ((Refused) verification).reason();
  }
}
