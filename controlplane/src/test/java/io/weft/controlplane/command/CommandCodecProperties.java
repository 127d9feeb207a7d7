package io.weft.controlplane.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.CommitFeed.Event;
import io.weft.controlplane.codec.Damages;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever is written is read again; whatever else comes is malformed and nothing worse.
class CommandCodecProperties {
  private static final int ROUND_TRIPS = 2_000;
  private static final int DAMAGES = 30_000;

  private static final long SEED = new Random().nextLong();

  private AskedSamples samples;
  private int level;
  private final Damages damages = new Damages(new Random(SEED ^ 1));

  @BeforeAll
  static void printSeed() {
    System.out.println("CommandCodecProperties: seed " + SEED);
  }

  private void drawAt(int drawn) {
    level = drawn;
    samples = new AskedSamples(SEED, drawn);
  }

  @ParameterizedTest
  @ValueSource(ints = {Levels.FIRST, Levels.KNOWN})
  void commandsAndRepliesAreReadAsTheyWereWritten(int drawn) {
    drawAt(drawn);
    for (int i = 0; i < ROUND_TRIPS; i++) {
      assertRoundTrip(samples.next());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Levels.FIRST, Levels.KNOWN})
  void feedMessagesAreReadAsTheyWereWritten(int drawn) {
    drawAt(drawn);
    for (int i = 0; i < ROUND_TRIPS; i++) {
      List<Event> events = samples.events();
      assertThat(readEvents(bytesOf(events, level))).isEqualTo(events);
      FeedRequest request = samples.feedRequest();
      assertThat(readRequest(bytesOf(request))).isEqualTo(request);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Levels.FIRST, Levels.KNOWN})
  void damagedCommandsAreMalformedAtWorst(int drawn) {
    drawAt(drawn);
    int malformed = 0;
    for (int i = 0; i < DAMAGES; i++) {
      malformed += read(damages.of(samples.next().commandBytes(level)), Asked::readCommand);
    }
    assertThat(malformed).isBetween(DAMAGES / 10, DAMAGES - 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {Levels.FIRST, Levels.KNOWN})
  void damagedRepliesAreMalformedAtWorst(int drawn) {
    drawAt(drawn);
    int malformed = 0;
    for (int i = 0; i < DAMAGES; i++) {
      Asked<?> asked = samples.next();
      malformed += read(damages.of(asked.replyBytes(level)), asked::readReply);
    }
    assertThat(malformed).isBetween(DAMAGES / 10, DAMAGES - 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {Levels.FIRST, Levels.KNOWN})
  void damagedFeedMessagesAreMalformedAtWorst(int drawn) {
    drawAt(drawn);
    int malformed = 0;
    for (int i = 0; i < DAMAGES; i++) {
      malformed +=
          read(damages.of(bytesOf(samples.events(), level)), CommandCodecProperties::readEvents)
              + read(
                  damages.of(bytesOf(samples.feedRequest())), CommandCodecProperties::readRequest);
    }
    assertThat(malformed).isBetween(DAMAGES / 10, 2 * DAMAGES - 1);
  }

  private <R> void assertRoundTrip(Asked<R> asked) {
    byte[] bytes = asked.commandBytes(level);
    Command<?> command = Asked.readCommand(bytes);
    assertThat(command).usingRecursiveComparison().isEqualTo(asked.command());
    R reply = asked.readReply(asked.replyBytes(level));
    assertThat(reply).usingRecursiveComparison().isEqualTo(asked.reply());
    assertThat(new Asked<>(asked.command(), reply).replyBytes(level))
        .isEqualTo(asked.replyBytes(level));
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

  private static byte[] bytesOf(List<Event> events, int level) {
    WireWriter out = new WireWriter();
    FeedCodec.writeEvents(events, level, out);
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
