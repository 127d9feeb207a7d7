package io.weft.controlplane.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.CommitFeed.Event;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Whatever is written is read again; whatever else comes is malformed and nothing worse.
class CommandCodecProperties {
  private static final int ROUND_TRIPS = 2_000;
  private static final int DAMAGES = 30_000;

  private static final long SEED = new Random().nextLong();

  private final AskedSamples samples = new AskedSamples(SEED);
  private final Random random = new Random(SEED ^ 1);

  @BeforeAll
  static void printSeed() {
    System.out.println("CommandCodecProperties: seed " + SEED);
  }

  @Test
  void commandsAndRepliesAreReadAsTheyWereWritten() {
    for (int i = 0; i < ROUND_TRIPS; i++) {
      assertRoundTrip(samples.next());
    }
  }

  @Test
  void feedMessagesAreReadAsTheyWereWritten() {
    for (int i = 0; i < ROUND_TRIPS; i++) {
      List<Event> events = samples.events();
      assertThat(readEvents(bytesOf(events))).isEqualTo(events);
      FeedRequest request = samples.feedRequest();
      assertThat(readRequest(bytesOf(request))).isEqualTo(request);
    }
  }

  @Test
  void damagedCommandsAreMalformedAtWorst() {
    int malformed = 0;
    for (int i = 0; i < DAMAGES; i++) {
      malformed += read(damaged(samples.next().commandBytes()), Asked::readCommand);
    }
    assertThat(malformed).isBetween(DAMAGES / 10, DAMAGES - 1);
  }

  @Test
  void damagedRepliesAreMalformedAtWorst() {
    int malformed = 0;
    for (int i = 0; i < DAMAGES; i++) {
      Asked<?> asked = samples.next();
      malformed += read(damaged(asked.replyBytes()), asked::readReply);
    }
    assertThat(malformed).isBetween(DAMAGES / 10, DAMAGES - 1);
  }

  @Test
  void damagedFeedMessagesAreMalformedAtWorst() {
    int malformed = 0;
    for (int i = 0; i < DAMAGES; i++) {
      malformed +=
          read(damaged(bytesOf(samples.events())), CommandCodecProperties::readEvents)
              + read(damaged(bytesOf(samples.feedRequest())), CommandCodecProperties::readRequest);
    }
    assertThat(malformed).isBetween(DAMAGES / 10, 2 * DAMAGES - 1);
  }

  private static <R> void assertRoundTrip(Asked<R> asked) {
    byte[] bytes = asked.commandBytes();
    Command<?> command = Asked.readCommand(bytes);
    assertThat(command).usingRecursiveComparison().isEqualTo(asked.command());
    R reply = asked.readReply(asked.replyBytes());
    assertThat(reply).usingRecursiveComparison().isEqualTo(asked.reply());
    assertThat(new Asked<>(asked.command(), reply).replyBytes()).isEqualTo(asked.replyBytes());
  }

  /// @return 1 if the bytes were found to be malformed; any other exception escapes
  private static int read(byte[] bytes, Consumer<byte[]> reader) {
    try {
      reader.accept(bytes);
      return 0;
    } catch (MalformedBytesException e) {
      return 1;
    }
  }

  private byte[] damaged(byte[] bytes) {
    return switch (random.nextInt(5)) {
      case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
      case 1 -> Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(3));
      case 2 -> spliced(bytes);
      case 3 -> noise(bytes);
      default -> flipped(bytes);
    };
  }

  private byte[] flipped(byte[] bytes) {
    byte[] changed = bytes.clone();
    for (int i = random.nextInt(3); i >= 0; i--) {
      changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return changed;
  }

  /// A huge number in the place of some others.
  private byte[] spliced(byte[] bytes) {
    byte[] changed = bytes.clone();
    int at = random.nextInt(changed.length);
    Arrays.fill(changed, at, Math.min(changed.length, at + 4), (byte) 0xFE);
    return changed;
  }

  /// The right version and kind, then anything.
  private byte[] noise(byte[] bytes) {
    byte[] changed = new byte[random.nextInt(200) + 2];
    random.nextBytes(changed);
    System.arraycopy(bytes, 0, changed, 0, Math.min(2, bytes.length));
    return changed;
  }

  private static byte[] bytesOf(List<Event> events) {
    WireWriter out = new WireWriter();
    FeedCodec.writeEvents(events, Levels.FIRST, out);
    return out.toByteArray();
  }

  private static byte[] bytesOf(FeedRequest request) {
    WireWriter out = new WireWriter();
    FeedCodec.writeRequest(request, Levels.FIRST, out);
    return out.toByteArray();
  }

  private static List<Event> readEvents(byte[] bytes) {
    WireReader in = new WireReader(bytes);
    List<Event> events = FeedCodec.readEvents(in);
    in.finish();
    return events;
  }

  private static FeedRequest readRequest(byte[] bytes) {
    WireReader in = new WireReader(bytes);
    FeedRequest request = FeedCodec.readRequest(in);
    in.finish();
    return request;
  }
}
