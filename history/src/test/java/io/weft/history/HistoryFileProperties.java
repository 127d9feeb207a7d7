package io.weft.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.history.check.ModelRun;
import io.weft.history.check.ModelRun.Workload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What is written is read again, as far as it was written, and nothing else is taken for a
/// history.
class HistoryFileProperties {
  private static final int ROUNDS = 2_000;

  @TempDir Path folder;

  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("history.jsonl");
  }

  @Test
  void whatIsWrittenIsReadAgain() throws IOException {
    List<Event> events = ModelRun.events(Workload.TRANSACTIONS, 7);
    write(events);

    List<Event> read = new ArrayList<>();
    HistoryReader.read(file, read::add);

    assertThat(read).isEqualTo(events);
    assertThat(HistoryReader.read(file)).isEqualTo(History.of(events));
  }

  @Test
  void aFileThatBreaksOffIsAHistoryOfWhatCameBefore() throws IOException {
    List<Event> events = ModelRun.events(Workload.IDEMPOTENT, 3);
    write(events);
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(3);

    for (int round = 0; round < 50; round++) {
      byte[] cut = Arrays.copyOf(whole, random.nextInt(whole.length));
      Files.write(file, cut);
      int lines =
          (int) new String(cut, StandardCharsets.US_ASCII).chars().filter(c -> c == '\n').count();

      assertThat(HistoryReader.read(file)).isEqualTo(History.of(events.subList(0, lines)));
    }
  }

  @Test
  void whateverIsInALineItIsAnEventOrRefused() {
    List<Event> events = ModelRun.events(Workload.TRANSACTIONS, 11);
    int refused = 0;
    for (int seed = 0; seed < ROUNDS; seed++) {
      Random random = new Random(seed);
      StringBuilder line =
          new StringBuilder(EventLine.format(events.get(random.nextInt(events.size()))));
      for (int i = random.nextInt(3); i >= 0; i--) {
        int at = random.nextInt(line.length());
        switch (random.nextInt(3)) {
          case 0 -> line.setCharAt(at, (char) (' ' + random.nextInt(96)));
          case 1 -> line.deleteCharAt(at);
          default -> line.insert(at, line.charAt(random.nextInt(line.length())));
        }
      }
      try {
        Event event = EventLine.parse(line.toString());
        assertThat(EventLine.parse(EventLine.format(event))).isEqualTo(event);
      } catch (IllegalArgumentException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(ROUNDS / 2, ROUNDS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"op\":0,\"process\":1,\"type\":\"ok\",\"nanos\":1,\"f\":\"crash\"}",
        "{\"op\":0,\"type\":\"invoke\",\"nanos\":1,\"f\":\"crash\"}",
        "{\"op\":99999999999,\"process\":1,\"type\":\"invoke\",\"nanos\":1,\"f\":\"crash\"}",
        "{\"op\":0,\"process\":1,\"type\":\"invoke\",\"nanos\":1,\"f\":\"send\",\"mops\":[]}",
        "{\"op\":0,\"process\":1,\"type\":\"invoke\",\"nanos\":1,\"f\":\"poll\",\"mops\":[[\"poll\",[[\"k\",[1],[]]],[]]]}",
        "{\"op\":0,\"process\":1,\"type\":\"invoke\",\"nanos\":1,\"f\":\"assign\",\"keys\":[\"\"]}",
        "{\"op\":0,\"process\":1,\"type\":\"invoke\",\"nanos\":1,\"f\":\"assign\",\"keys\":[\"a\"\"b\"]}",
        "{\"op\":0,\"process\":1,\"type\":\"invoke\",\"nanos\":1,\"f\":\"crash\"} "
      })
  void aLineThatIsNoEventIsRefused(String line) throws IOException {
    Files.writeString(file, line + "\n");

    assertThatThrownBy(() -> HistoryReader.read(file))
        .isInstanceOf(HistoryReader.MalformedHistoryException.class)
        .hasMessageContaining("line 1");
  }

  @Test
  void aKeyThatCannotBeReadAgainIsNotWritten() {
    try (HistoryWriter writer = new HistoryWriter(file)) {
      Event event = new Event.Invocation(0, 0, 0, new Action.Send("a\"b", 1));

      assertThatIllegalArgumentException().isThrownBy(() -> writer.accept(event));
    }
  }

  @Test
  void noOperationEndsTwice() {
    List<Event> events = new ArrayList<>();
    Recorder recorder = new Recorder(() -> 0, events::add);
    Action send = new Action.Send("k", 1);
    int op = recorder.invoke(0, send);
    recorder.ok(op, send);
    recorder.info(op, send);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> History.of(events))
        .withMessageContaining("complete already");
  }

  @Test
  void noOperationEndsAsAnother() {
    List<Event> events = new ArrayList<>();
    Recorder recorder = new Recorder(() -> 0, events::add);
    recorder.ok(recorder.invoke(0, new Action.Send("k", 1)), new Action.Send("k", 2));

    assertThatIllegalArgumentException().isThrownBy(() -> History.of(events));
  }

  private void write(List<Event> events) {
    try (HistoryWriter writer = new HistoryWriter(file)) {
      events.forEach(writer);
    }
  }
}
