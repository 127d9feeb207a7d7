package io.weft.controlplane.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.ExtentIndex.ExtentQuery;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.NewerFormatException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CommandCodecTest {
  private static final AgentId AGENT = new AgentId(1);

  @Test
  void bytesOfVersionOneStayAsTheyAre() throws IOException {
    assertThat(written()).isEqualTo(goldenLines(1));
  }

  @Test
  void bytesOfLevelTwoStayAsTheyAre() throws IOException {
    assertThat(lines(2)).isEqualTo(goldenLines(2));
  }

  @Test
  void whatHasGrownWithLevelTwoStaysAsItIsAndIsCutForTheFirst() throws IOException {
    List<String> written = new ArrayList<>();
    for (Asked<?> asked : CommandGoldens.grown()) {
      written.add(line(asked.command(), asked.commandBytes(2)));
      written.add(line("reply", asked.replyBytes(2)));
      assertThat(Asked.readCommand(asked.commandBytes(2)))
          .usingRecursiveComparison()
          .isEqualTo(asked.command());
      assertThat(asked.readReply(asked.replyBytes(2)))
          .usingRecursiveComparison()
          .isEqualTo(asked.reply());
      WireReader in = new WireReader(asked.commandBytes(1));
      assertThat(CommandCodec.readCommand(in, Levels.FIRST).question())
          .isEqualTo(asked.command().question());
    }
    assertThat(written).isEqualTo(goldenLines("v2/grown"));
    Asked<?> register = CommandGoldens.grown().getFirst();
    assertThat(Asked.readCommand(register.commandBytes(1)).arguments())
        .endsWith(Optional.empty(), Optional.empty(), List.of());
    Asked<?> commit = CommandGoldens.grown().getLast();
    assertThat(Asked.readCommand(commit.commandBytes(1)))
        .usingRecursiveComparison()
        .isEqualTo(CommandGoldens.commit().command());
  }

  @Test
  void goldenBytesAreRead() throws IOException {
    goldenBytesAreRead(1);
    goldenBytesAreRead(2);
  }

  private static void goldenBytesAreRead(int since) throws IOException {
    List<Asked<?>> asked = asked(since);
    List<String> lines = goldenLines(since);
    for (int i = 0; i < asked.size(); i++) {
      assertThat(Asked.readCommand(bytes(lines.get(2 * i))))
          .usingRecursiveComparison()
          .isEqualTo(asked.get(i).command());
      assertThat(asked.get(i).readReply(bytes(lines.get(2 * i + 1))))
          .usingRecursiveComparison()
          .isEqualTo(asked.get(i).reply());
    }
  }

  @Test
  void everyKindHasGoldenBytes() {
    assertThat(CommandGoldens.asked().stream().<Object>map(asked -> asked.command().question()))
        .containsExactlyInAnyOrder(Questions.all().list().toArray());
  }

  @Test
  void anotherVersionIsRefused() {
    assertThatThrownBy(() -> Asked.readCommand(new byte[] {3, 13, 0}))
        .isInstanceOf(NewerFormatException.class)
        .hasMessageContaining("version 3");
    assertThatThrownBy(() -> Asked.readCommand(new byte[] {2, 13, 0}))
        .isInstanceOf(MalformedBytesException.class)
        .isNotInstanceOf(NewerFormatException.class)
        .hasMessageContaining("version 2");
    assertThatThrownBy(() -> Asked.readCommand(new byte[] {0, 13, 0}))
        .isInstanceOf(MalformedBytesException.class)
        .isNotInstanceOf(NewerFormatException.class)
        .hasMessageContaining("version 0");
  }

  @Test
  void aReleaseOfTheFirstLevelKnowsNothingOfTheSecond() {
    assertThatThrownBy(() -> CommandCodec.readCommand(new WireReader(new byte[] {2, 13, 0}), 1))
        .isInstanceOf(NewerFormatException.class)
        .hasMessageContaining("version 2");
    for (Asked<?> asked : asked(2)) {
      assertThatThrownBy(
              () -> CommandCodec.readCommand(new WireReader(asked.commandBytes()), Levels.FIRST))
          .isInstanceOf(MalformedBytesException.class)
          .hasMessage("unknown kind of command " + asked.command().question().kind());
    }
    for (Asked<?> asked : asked(1)) {
      WireReader in = new WireReader(asked.commandBytes());
      assertThat(CommandCodec.readCommand(in, Levels.FIRST).question())
          .isEqualTo(asked.command().question());
    }
  }

  @Test
  void anUnknownKindIsRefused() {
    assertThatThrownBy(() -> Asked.readCommand(new byte[] {1, 16, 0}))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessageContaining("unknown kind of command 16");
    // Once the catalog in one reply, which has no bounds.
    assertThatThrownBy(() -> Asked.readCommand(new byte[] {1, 7, 1}))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessageContaining("unknown kind of command 7");
  }

  @Test
  void aMissingFieldIsNotZero() {
    byte[] whole =
        new Asked<>(Command.of(TopicCatalog.class, it -> it.grow(new TopicId(1, 2), 0)), null)
            .commandBytes();
    byte[] cut = Arrays.copyOf(whole, whole.length - 1);

    assertThatThrownBy(() -> Asked.readCommand(cut)).isInstanceOf(MalformedBytesException.class);
  }

  @Test
  void aValueThatCannotBeIsMalformed() {
    WireWriter out = new WireWriter();
    out.writeByte(Levels.FIRST);
    out.writeByte(13);
    out.writeVarInt(-5);

    assertThatThrownBy(() -> Asked.readCommand(out.toByteArray()))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessageContaining("negative agent id -5");
  }

  @Test
  void moreFilesThanTheApiAllowsAreRefused() {
    List<UploadedFile> files = Collections.nCopies(65, new UploadedFile(1, 1, 0, List.of()));

    assertThatThrownBy(
            () ->
                Asked.readCommand(
                    bytesOf(Command.of(Sequencer.class, it -> it.commit(AGENT, 0, files)))))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessage("a list of 65, at most 64 are allowed");
  }

  @Test
  void moreQueriesThanTheApiAllowsAreRefused() {
    ExtentQuery query = new ExtentQuery(new PartitionId(new TopicId(0, 1), 0), 0, 1);

    assertThatThrownBy(
            () ->
                Asked.readCommand(
                    bytesOf(
                        Command.of(
                            ExtentIndex.class, it -> it.find(Collections.nCopies(10_001, query))))))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessage("a list of 10001, at most 10000 are allowed");
  }

  @Test
  void aLeaseOverTheLimitIsRefused() {
    assertThatThrownBy(
            () ->
                Asked.readCommand(
                    bytesOf(Command.of(FileLedger.class, it -> it.lease(AGENT, 10_001)))))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessageContaining("1 to 10000 are allowed");
  }

  @Test
  void aReplyToAnotherKindOfCommandIsRefused() {
    byte[] renewed =
        new Asked<>(Command.of(Membership.class, it -> it.renew(AGENT)), true).replyBytes();

    assertThatThrownBy(
            () ->
                CommandCodec.readReply(
                    Command.of(
                        Membership.class,
                        it -> {
                          it.leave(AGENT);
                          return true;
                        }),
                    new WireReader(renewed)))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessageContaining("a reply of kind 13 to a command of kind 14");
  }

  @Test
  void aReplyWithTooFewAnswersIsRefused() {
    PartitionId partition = new PartitionId(new TopicId(0, 1), 0);
    byte[] one =
        new Asked<>(Command.of(ExtentIndex.class, it -> it.sizes(List.of(partition))), List.of(5L))
            .replyBytes();

    assertThatThrownBy(
            () ->
                CommandCodec.readReply(
                    Command.of(ExtentIndex.class, it -> it.sizes(List.of(partition, partition))),
                    new WireReader(one)))
        .isInstanceOf(MalformedBytesException.class)
        .hasMessage("1 answers to 2 questions");
  }

  @Test
  void anOutcomeForFewerBatchesThanWereCommittedIsNeverWritten() {
    Command<List<FileOutcome>> commit = CommandGoldens.commit().command();
    FileOutcome tooFew =
        new FileOutcome.Committed(
            List.of(new BatchOutcomes(new byte[1], new long[1], new long[1], 0)));

    assertThatThrownBy(() -> new Asked<>(commit, List.of(tooFew, tooFew)).replyBytes())
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void equalSettingsAreEqualBytes() {
    Map<String, String> one = new LinkedHashMap<>();
    one.put("b", "2");
    one.put("a", "1");
    Map<String, String> other = new LinkedHashMap<>();
    other.put("a", "1");
    other.put("b", "2");
    TopicId topic = new TopicId(1, 2);

    assertThat(bytesOf(Command.of(TopicCatalog.class, it -> it.configure(topic, 0, one))))
        .isEqualTo(bytesOf(Command.of(TopicCatalog.class, it -> it.configure(topic, 0, other))));
  }

  @Test
  void aBatchOfAnIdempotentProducerTakesFewBytes() {
    byte[] commit = CommandGoldens.asked().getFirst().commandBytes();

    // 3 batches, 2 of them in a partition with a topic id of its own in each of 2 files.
    assertThat(commit.length).isLessThan(110);
  }

  private static byte[] bytesOf(Command<?> command) {
    WireWriter out = new WireWriter();
    CommandCodec.writeCommand(command, Levels.FIRST, out);
    return out.toByteArray();
  }

  private static List<String> written() {
    List<String> lines = lines(1);
    for (FeedRequest request : CommandGoldens.feedRequests()) {
      WireWriter out = new WireWriter();
      FeedCodec.writeRequest(request, Levels.FIRST, out);
      lines.add(line(request, out.toByteArray()));
    }
    WireWriter out = new WireWriter();
    FeedCodec.writeEvents(CommandGoldens.events(), Levels.FIRST, out);
    lines.add(line("events", out.toByteArray()));
    return lines;
  }

  private static List<Asked<?>> asked(int since) {
    return CommandGoldens.asked().stream()
        .filter(it -> it.command().question().since() == since)
        .toList();
  }

  private static List<String> lines(int since) {
    List<String> lines = new ArrayList<>();
    for (Asked<?> asked : asked(since)) {
      lines.add(line(asked.command(), asked.commandBytes()));
      lines.add(line("reply", asked.replyBytes()));
    }
    return lines;
  }

  private static String line(Object value, byte[] bytes) {
    String name =
        switch (value) {
          case String text -> text;
          case Command<?> command -> command.question().name();
          case Object other -> other.getClass().getSimpleName();
        };
    return name + " " + HexFormat.of().formatHex(bytes);
  }

  private static byte[] bytes(String line) {
    return HexFormat.of().parseHex(line.substring(line.indexOf(' ') + 1));
  }

  private static List<String> goldenLines(int since) throws IOException {
    return goldenLines("v%d/messages".formatted(since));
  }

  private static List<String> goldenLines(String name) throws IOException {
    try (InputStream golden =
        CommandCodecTest.class.getResourceAsStream("/command/" + name + ".txt")) {
      return new String(golden.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
