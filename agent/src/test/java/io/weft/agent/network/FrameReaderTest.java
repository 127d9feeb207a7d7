package io.weft.agent.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.agent.memory.BlockPool;
import io.weft.agent.memory.ByteBudget;
import io.weft.environment.Environment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.protocol.ApiKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How a connection's bytes are read: in how many pieces, and into how much memory.
class FrameReaderTest {
  private static final NetworkSettings SETTINGS = NetworkSettings.DEFAULTS;

  /// Gives what has been sent, at most so many bytes at once, and notes what it was asked for.
  private static class Peer implements ReadableByteChannel {
    private final ByteBuffer sent;
    private final int bytesAtOnce;
    private final List<Integer> rooms = new ArrayList<>();
    private final List<Integer> buffers = new ArrayList<>();
    private final List<Integer> before = new ArrayList<>();

    Peer(ByteBuffer sent, int bytesAtOnce) {
      this.sent = sent;
      this.bytesAtOnce = bytesAtOnce;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      rooms.add(target.remaining());
      buffers.add(target.capacity());
      before.add(sent.position());
      if (!sent.hasRemaining()) {
        return -1;
      }
      int count = Math.min(Math.min(bytesAtOnce, target.remaining()), sent.remaining());
      target.put(sent.slice(sent.position(), count));
      sent.position(sent.position() + count);
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  @ParameterizedTest
  @CsvSource({
    // A whole small request, one with a batch of the usual size, the largest of the small ones.
    "100, 1",
    "16500, 2",
    "65536, 2",
    // The first 64 KiB, then the rest.
    "65537, 3",
    "1048576, 3"
  })
  void aFrameThatIsThereIsReadInFewPieces(int length, int reads) throws Exception {
    byte[] body = produce(length, 1);
    Peer peer = new Peer(framed(body), Integer.MAX_VALUE);

    assertThat(next(reader(peer))).isEqualTo(body);
    assertThat(peer.rooms).hasSize(reads);
  }

  @Test
  void smallFramesThatCameTogetherAreReadAtOnce() throws Exception {
    byte[] body = produce(96, 2);
    Peer peer = new Peer(framed(body, body, body, body, body), Integer.MAX_VALUE);
    FrameReader reader = reader(peer);

    for (int i = 0; i < 5; i++) {
      assertThat(next(reader)).isEqualTo(body);
    }
    assertThat(peer.rooms).hasSize(1);
  }

  /// However its bytes come, a frame that begins costs little of what it announces.
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 1000, 4096, 5000})
  void memoryFollowsWhatHasArrived(int bytesAtOnce) throws Exception {
    byte[] body = produce(3_000_000, bytesAtOnce);
    Peer peer = new Peer(framed(body), bytesAtOnce);

    assertThat(next(reader(peer))).isEqualTo(body);
    for (int i = 0; i < peer.rooms.size(); i++) {
      int arrived = peer.before.get(i);
      int allowed =
          arrived < Admission.SMALL_BYTES
              ? Math.min(Admission.SMALL_BYTES, Math.max(4096, 16 * arrived))
              : Math.max(Admission.MIDDLE_BYTES, 2 * arrived);
      assertThat(peer.buffers.get(i)).describedAs("after %d", arrived).isLessThanOrEqualTo(allowed);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 4095, 4096, 4097, 65535, 65536, 65537, 200_000})
  void framesThatComeInOddPiecesAreWhole(int length) throws Exception {
    byte[] first = produce(length, 3);
    byte[] second = produce(7_000, 4);
    for (int bytesAtOnce : new int[] {1, 7, 4093, 4096, 10_000}) {
      FrameReader reader = reader(new Peer(framed(first, second, first), bytesAtOnce));

      assertThat(next(reader)).isEqualTo(first);
      assertThat(next(reader)).isEqualTo(second);
      assertThat(next(reader)).isEqualTo(first);
      assertThat(reader.next()).isEqualTo(new FrameReader.Read.End());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 5, 6, 100, 4096, 5_000, 65_540, 100_000})
  void aFrameThatBreaksOffIsTheEnd(int sent) throws Exception {
    ByteBuffer begun = framed(produce(200_000, 5)).limit(sent);

    assertThat(reader(new Peer(begun, Integer.MAX_VALUE)).next())
        .isEqualTo(new FrameReader.Read.End());
  }

  /// Of what is not mostly records a handler keeps parts.
  @Test
  void onlyLongFramesOfRecordsLieInMemoryThatIsUsedAgain() throws Exception {
    byte[] group = produce(200_000, 6);
    group[1] = (byte) ApiKeys.JOIN_GROUP.id;
    for (int bytesAtOnce : new int[] {4_096, 4_097, 30_000, Integer.MAX_VALUE}) {
      Admission admission = new Admission(SETTINGS);
      Peer peer =
          new Peer(
              framed(produce(65_536, 6), group, produce(65_537, 6), produce(3_000_000, 6)),
              bytesAtOnce);
      FrameReader reader = reader(peer, admission);

      assertThat(whole(reader.next()).bytes().isDirect()).isFalse();
      assertThat(whole(reader.next()).bytes().isDirect()).isFalse();
      assertThat(admission.requestMemory().figures().blocks()).isZero();
      FrameReader.Read.Frame small = whole(reader.next());
      FrameReader.Read.Frame large = whole(reader.next());
      assertThat(small.bytes().isDirect()).isTrue();
      assertThat(large.bytes().isDirect()).isTrue();
      assertThat(admission.requestMemory().figures().blocks()).isEqualTo(2);
      assertThat(bytes(small)).isEqualTo(produce(65_537, 6));
      assertThat(bytes(large)).isEqualTo(produce(3_000_000, 6));
      small.share().release();
      large.share().release();
      assertThat(admission.requestMemory().figures().blocks()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 100, 4_096, 5_000, 65_540, 100_000, 1_100_000, 2_200_000})
  void aFrameThatBreaksOffGivesItsMemoryBack(int sent) throws Exception {
    Admission admission = new Admission(SETTINGS);
    ByteBudget budget = new ByteBudget(SETTINGS.requestBytesMax());
    ByteBuffer begun = framed(produce(3_000_000, 5)).limit(sent);

    FrameReader reader = reader(new Peer(begun, Integer.MAX_VALUE), admission, budget);
    assertThat(reader.next()).isEqualTo(new FrameReader.Read.End());
    assertThat(admission.requestMemory().figures().blocks()).isZero();
    assertThat(budget.bytesHeld()).isZero();
  }

  @Test
  void aFrameThatIsLostGivesItsMemoryBack() {
    Admission admission = new Admission(SETTINGS);
    ByteBuffer begun = framed(produce(3_000_000, 5)).limit(1_500_000);
    Peer peer =
        new Peer(begun, 50_000) {
          @Override
          public int read(ByteBuffer target) throws IOException {
            int count = super.read(target);
            if (count < 0) {
              throw new IOException("reset");
            }
            return count;
          }
        };

    assertThatThrownBy(() -> reader(peer, admission).next()).isInstanceOf(IOException.class);
    assertThat(admission.requestMemory().figures().blocks()).isZero();
  }

  @Test
  void whereThatMemoryIsUsedUpFramesLieOnTheHeap() throws Exception {
    Admission admission = new Admission(SETTINGS.withBytesInFlight(8 << 20, 8 << 20));
    BlockPool.Block one = admission.requestMemory().take(4 << 20).orElseThrow();
    BlockPool.Block other = admission.requestMemory().take(4 << 20).orElseThrow();
    byte[] body = produce(1_000_000, 8);

    FrameReader.Read.Frame frame =
        whole(reader(new Peer(framed(body), Integer.MAX_VALUE), admission).next());
    assertThat(frame.bytes().isDirect()).isFalse();
    assertThat(bytes(frame)).isEqualTo(body);
    frame.share().release();
    one.release();
    other.release();
  }

  private static FrameReader.Read.Frame whole(FrameReader.Read read) {
    assertThat(read).isInstanceOf(FrameReader.Read.Frame.class);
    return (FrameReader.Read.Frame) read;
  }

  private static byte[] bytes(FrameReader.Read.Frame frame) {
    byte[] bytes = new byte[frame.bytes().remaining()];
    frame.bytes().duplicate().get(bytes);
    return bytes;
  }

  private static byte[] next(FrameReader reader) throws Exception {
    FrameReader.Read.Frame frame = whole(reader.next());
    byte[] bytes = bytes(frame);
    frame.share().release();
    return bytes;
  }

  private static FrameReader reader(Peer peer) {
    return reader(peer, new Admission(SETTINGS));
  }

  private static FrameReader reader(Peer peer, Admission admission) {
    return reader(peer, admission, new ByteBudget(SETTINGS.requestBytesMax()));
  }

  private static FrameReader reader(Peer peer, Admission admission, ByteBudget budget) {
    return new FrameReader(
        peer,
        budget,
        admission,
        new Progress(Environment.system().clock(), SETTINGS),
        SETTINGS.frameBytesMax());
  }

  /// Begins as a Produce request does; the rest is noise.
  private static byte[] produce(int length, int seed) {
    byte[] body = new byte[length];
    new Random(seed).nextBytes(body);
    for (int i = 0; i < Math.min(Short.BYTES, length); i++) {
      body[i] = 0;
    }
    return body;
  }

  private static ByteBuffer framed(byte[]... bodies) {
    int length = 0;
    for (byte[] body : bodies) {
      length += Integer.BYTES + body.length;
    }
    ByteBuffer bytes = ByteBuffer.allocate(length);
    for (byte[] body : bodies) {
      bytes.putInt(body.length).put(body);
    }
    return bytes.flip();
  }
}
