package io.weft.agent.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.environment.Environment;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SocketSinkTest {
  /// Takes a part of what it is given, as a socket may.
  private static final class StingyChannel implements GatheringByteChannel {
    final ByteArrayOutputStream taken = new ByteArrayOutputStream();
    final Random random;
    long largestWrite;
    int writes;

    StingyChannel(Random random) {
      this.random = random;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int count) {
      long offered = 0;
      for (int i = offset; i < offset + count; i++) {
        offered += sources[i].remaining();
      }
      largestWrite = Math.max(largestWrite, offered);
      writes++;
      long left = random.nextLong(offered + 1);
      for (int i = offset; i < offset + count && left > 0; i++) {
        byte[] some = new byte[(int) Math.min(left, sources[i].remaining())];
        sources[i].get(some);
        taken.writeBytes(some);
        left -= some.length;
      }
      return offered - left;
    }

    @Override
    public long write(ByteBuffer[] sources) {
      return write(sources, 0, sources.length);
    }

    @Override
    public int write(ByteBuffer source) {
      return (int) write(new ByteBuffer[] {source});
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private static SocketSink sink(StingyChannel channel) {
    return new SocketSink(
        channel, new Progress(Environment.system().clock(), NetworkSettings.DEFAULTS));
  }

  @Test
  void writesEverythingInOrderWhateverTheSizes() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int run = 0; run < 200; run++) {
      StingyChannel channel = new StingyChannel(random);
      SocketSink sink = sink(channel);
      ByteArrayOutputStream wanted = new ByteArrayOutputStream();
      for (int i = 0; i < random.nextInt(20); i++) {
        ByteBuffer[] buffers = new ByteBuffer[random.nextInt(100)];
        for (int b = 0; b < buffers.length; b++) {
          byte[] bytes = new byte[random.nextInt(4) == 0 ? random.nextInt(9_000) : 61];
          random.nextBytes(bytes);
          wanted.writeBytes(bytes);
          buffers[b] = ByteBuffer.wrap(bytes);
        }
        sink.write(buffers);
        for (ByteBuffer buffer : buffers) {
          // Taken for good: its owner may use it again.
          assertThat(buffer.hasRemaining()).isFalse();
          buffer.clear();
          buffer.put(new byte[buffer.capacity()]);
        }
      }
      sink.flush();

      assertThat(channel.taken.toByteArray())
          .as("seed %d, run %d", seed, run)
          .isEqualTo(wanted.toByteArray());
    }
  }

  @Test
  void gathersSmallAnswersIntoOneWrite() throws IOException {
    StingyChannel channel = new StingyChannel(new Random(1));
    SocketSink sink = sink(channel);
    for (int i = 0; i < 50; i++) {
      sink.write(ByteBuffer.wrap(new byte[100]));
    }

    assertThat(channel.writes).isZero();
    sink.flush();
    assertThat(channel.taken.size()).isEqualTo(5_000);
  }

  @Test
  void neverOffersTheSocketMuchAtOnce() throws IOException {
    StingyChannel channel = new StingyChannel(new Random(1));

    sink(channel).write(ByteBuffer.wrap(new byte[5_000_000]));

    assertThat(channel.taken.size()).isEqualTo(5_000_000);
    assertThat(channel.largestWrite).isLessThanOrEqualTo(256 << 10);
  }
}
