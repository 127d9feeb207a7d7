package io.weft.controlplane.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.CommitFeed.Event;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.ExtentIndex.ExtentQuery;
import io.weft.controlplane.api.ExtentIndex.ExtentsFound;
import io.weft.controlplane.api.ExtentIndex.TimeQuery;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.ReaderTooOldException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.model.Extent;
import io.weft.model.Extent.Offsets;
import io.weft.model.Marker;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The bytes of extents with offsets of their own, which the first level has none for, and of
/// extents that take the place of others.
class SpansGoldenTest {
  private static final PartitionId PARTITION =
      new PartitionId(new TopicId(0x0102030405060708L, 0x090A0B0C0D0E0F10L), 3);
  private static final PartitionBounds BOUNDS = new PartitionBounds(10, 1_001, 1_001);
  private static final Extent DENSE = new Extent(77, 4_096, 512, 900, 949, 1_700_000, -1);
  private static final Extent OWN = new Extent(78, 16, 100, 950, 999, 1_700_001, -1, Offsets.OWN);
  private static final Marker MARKER = new Marker(1_000, 2_001, (short) 7, false, 950, 1_700_002);

  private static final Asked<List<ExtentsFound>> FIND =
      new Asked<>(
          Command.of(
              ExtentIndex.class, it -> it.find(List.of(new ExtentQuery(PARTITION, 900, 1 << 20)))),
          List.of(new ExtentsFound.Found(BOUNDS, List.of(DENSE, OWN, MARKER), List.of())));
  private static final Asked<List<ExtentsFound>> BY_TIME =
      new Asked<>(
          Command.of(ExtentIndex.class, it -> it.findByTime(List.of(new TimeQuery(PARTITION, 5)))),
          List.of(new ExtentsFound.Found(BOUNDS, List.of(OWN), List.of())));
  private static final List<Event> EVENTS =
      List.of(
          new Event.Advanced(PARTITION, BOUNDS, List.of(DENSE, OWN, MARKER)),
          new Event.Replaced(PARTITION, List.of(DENSE, OWN)));

  @Test
  void theyStayAsTheyAre() throws IOException {
    assertThat(written()).isEqualTo(golden());
  }

  @Test
  void theyAreRead() throws IOException {
    List<String> golden = golden();

    assertThat(FIND.readReply(bytes(golden.get(0)))).isEqualTo(FIND.reply());
    assertThat(BY_TIME.readReply(bytes(golden.get(1)))).isEqualTo(BY_TIME.reply());
    assertThat(FeedCodec.readEvents(new WireReader(bytes(golden.get(2))))).isEqualTo(EVENTS);
  }

  @Test
  void theFirstLevelHasNoBytesForThem() {
    for (Asked<?> asked : List.of(FIND, BY_TIME)) {
      assertThatThrownBy(() -> asked.replyBytes(Levels.FIRST))
          .isInstanceOf(ReaderTooOldException.class)
          .hasMessage("an extent with offsets of its own is not known at level 1");
    }
    assertThatThrownBy(() -> bytesOf(EVENTS, Levels.FIRST))
        .isInstanceOf(ReaderTooOldException.class);
    assertThatThrownBy(() -> bytesOf(List.of(EVENTS.getLast()), Levels.FIRST))
        .isInstanceOf(ReaderTooOldException.class)
        .hasMessage("Replaced is not known at level 1");
  }

  /// What the second level says by a negative length is damage in bytes of the first.
  @Test
  void aNegativeLengthIsMalformedAtTheFirstLevel() {
    byte[] bytes = BY_TIME.replyBytes(2);
    assertThat(bytes[0]).isEqualTo((byte) 2);
    bytes[0] = 1;

    assertThatThrownBy(() -> BY_TIME.readReply(bytes)).isInstanceOf(MalformedBytesException.class);
  }

  @Test
  void denseExtentsHaveTheSameBytesAtBothLevels() {
    List<Event> dense = List.of(new Event.Advanced(PARTITION, BOUNDS, List.of(DENSE, MARKER)));
    byte[] first = bytesOf(dense, 1);
    byte[] second = bytesOf(dense, 2);

    assertThat(first[0]).isEqualTo((byte) 1);
    assertThat(second[0]).isEqualTo((byte) 2);
    assertThat(Arrays.copyOfRange(second, 1, second.length))
        .isEqualTo(Arrays.copyOfRange(first, 1, first.length));
  }

  private static List<String> written() {
    List<String> lines = new ArrayList<>();
    lines.add("FindExtents " + HexFormat.of().formatHex(FIND.replyBytes(2)));
    lines.add("FindExtentsByTime " + HexFormat.of().formatHex(BY_TIME.replyBytes(2)));
    lines.add("events " + HexFormat.of().formatHex(bytesOf(EVENTS, 2)));
    return lines;
  }

  private static byte[] bytesOf(List<Event> events, int level) {
    WireWriter out = new WireWriter();
    FeedCodec.writeEvents(events, level, out);
    return out.toByteArray();
  }

  private static byte[] bytes(String line) {
    return HexFormat.of().parseHex(line.substring(line.indexOf(' ') + 1));
  }

  private static List<String> golden() throws IOException {
    try (InputStream in = SpansGoldenTest.class.getResourceAsStream("/command/v2/spans.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
