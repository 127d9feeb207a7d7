package io.weft.agent.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.memory.ByteBudget;
import io.weft.environment.Environment;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How a connection's bytes are read: in how many pieces, and into how much memory.
class FrameReaderTest {
  private static final NetworkSettings SETTINGS = NetworkSettings.DEFAULTS;

  /// Gives what has been sent, at most so many bytes at once, and notes what it was asked for.
  private static final class Peer implements ReadableByteChannel {
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
    public int read(ByteBuffer target) {
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
    // The first 64 KiB, then pieces of 256 KiB.
    "65537, 3",
    "1048576, 6"
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

  private static byte[] next(FrameReader reader) throws Exception {
    FrameReader.Read read = reader.next();
    assertThat(read).isInstanceOf(FrameReader.Read.Frame.class);
    FrameReader.Read.Frame frame = (FrameReader.Read.Frame) read;
    byte[] bytes = new byte[frame.bytes().remaining()];
    frame.bytes().duplicate().get(bytes);
    frame.share().release();
    return bytes;
  }

  private static FrameReader reader(Peer peer) {
    return new FrameReader(
        peer,
        new ByteBudget(SETTINGS.requestBytesMax()),
        new Admission(SETTINGS),
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
