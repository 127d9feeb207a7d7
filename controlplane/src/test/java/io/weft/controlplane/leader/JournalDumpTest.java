package io.weft.controlplane.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.admin.ResourceSettings.Kind;
import io.weft.controlplane.api.admin.ScramCredentials.Credential;
import io.weft.controlplane.api.admin.ScramCredentials.Mechanism;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.journal.JournalEntry;
import io.weft.controlplane.journal.JournalTip;
import io.weft.controlplane.leader.inspect.JournalCheck;
import io.weft.controlplane.leader.inspect.JournalDump;
import io.weft.controlplane.leader.inspect.JournalReport.Verdict;
import io.weft.controlplane.state.StateRecordCodec;
import io.weft.controlplane.state.admin.CredentialRecord;
import io.weft.controlplane.state.admin.ResourceConfigured;
import io.weft.controlplane.state.level.LevelRaised;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.controlplane.state.topic.TopicRecord;
import io.weft.model.TopicId;
import io.weft.simulated.SimulatedWorld;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class JournalDumpTest {
  private static final long SEED = 41;

  @Test
  void anEntryHasALineAndEachRecordHasOne() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Seats.Seat seat = seats.leading("one");
          Seats.create(seat.port(), "orders");
          seat.port().close();

          List<String> lines = dump(seats, 1, Long.MAX_VALUE, Verdict.SOUND);

          assertThat(lines.getFirst())
              .startsWith("entry 1 epoch 1 writer ")
              .endsWith("after 00000000: leader started: one");
          assertThat(lines)
              .anyMatch(line -> line.startsWith("  TopicCreated[") && line.contains("orders"));
          assertThat(lines).anyMatch(line -> line.endsWith(": leader resigned"));
          assertThat(lines.getLast()).isEqualTo(seats.entries() + " entries");
        });
  }

  @Test
  void onlyWhatIsAskedFor() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = filled(world);

          List<String> heads =
              dump(seats, 5, 7, Verdict.SOUND).stream()
                  .filter(line -> line.startsWith("entry"))
                  .toList();

          assertThat(heads).hasSize(3);
          assertThat(heads.getFirst()).startsWith("entry 5 ");
        });
  }

  @Test
  void whatCannotBeReadIsSaidAndTheNextIsRead() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = filled(world);
          seats.store.damage("journal/%020d".formatted(4));
          seats.store.remove("journal/%020d".formatted(6));
          seats.store.remove("journal/%020d".formatted(7));

          assertThat(dump(seats, 3, 9, Verdict.DAMAGED))
              .anyMatch(
                  line ->
                      line.equals(
                          "entry 4: UNREADABLE: journal entry 4 is damaged: checksum does not"
                              + " match"))
              .anyMatch(line -> line.equals("entries 6 to 7: MISSING"))
              .anyMatch(line -> line.startsWith("entry 8 "))
              .endsWith("4 entries");
        });
  }

  @Test
  void secretsAreNotShownAndNobodysNameBreaksALine() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          byte[] secret = new byte[64];
          Arrays.fill(secret, (byte) 's');
          put(
              seats,
              new CredentialRecord.CredentialPut(
                  "eve\nentry 9 epoch 9",
                  Mechanism.SHA_512,
                  new Credential(8_192, secret, secret, secret)),
              new ResourceConfigured(
                  Kind.AGENT, "1", Map.of("ssl.keystore.password", "open sesame", "a", "b")));

          List<String> lines = dump(seats, 1, 1, Verdict.SOUND);

          assertThat(lines).hasSize(4);
          assertThat(lines.get(1))
              .isEqualTo(
                  "  CredentialPut[user=eve\\u000aentry 9 epoch 9, mechanism=SHA_512,"
                      + " iterations=8192, salt and keys not shown]");
          assertThat(lines.get(2))
              .isEqualTo(
                  "  ResourceConfigured[kind=AGENT, name=1, settings={a=b,"
                      + " ssl.keystore.password=(not shown)}]");
        });
  }

  @Test
  void settingsOfTopicsAreShownByOneRule() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          Map<String, String> settings = Map.of("some.password", "open sesame", "a", "b");
          TopicId id = new TopicId(1, 2);
          put(
              seats,
              new TopicRecord.TopicCreated(new NewTopic(id, "orders", 3, (short) 1, settings)),
              new TopicRecord.TopicConfigured(id, settings));

          List<String> lines = dump(seats, 1, 1, Verdict.SOUND);

          assertThat(lines).hasSize(4);
          assertThat(lines.get(1)).startsWith("  TopicCreated[").contains("name=orders");
          assertThat(lines.subList(1, 3))
              .allMatch(line -> line.contains("settings={a=b, some.password=(not shown)}"));
        });
  }

  @Test
  void aKindOfRecordThatIsNotKnownYetIsANewerReleases() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          WireWriter body = EntryBody.records();
          body.writeByte(90);
          append(seats, body);

          assertThat(dump(seats, 1, 1, Verdict.NEWER).getFirst())
              .endsWith(
                  "UNREADABLE: a record of kind 90 is not known to this release of Weft: a newer"
                      + " release wrote it");
          assertThat(JournalCheck.run(seats.store, world.environment()).verdict())
              .isEqualTo(Verdict.NEWER);
        });
  }

  @Test
  void aLevelThatIsNotKnownYetIsANewerReleases() {
    SimulatedWorld.run(
        SEED,
        world -> {
          Seats seats = new Seats(world);
          put(seats, new LevelRaised(Levels.KNOWN + 1));

          assertThat(dump(seats, 1, 1, Verdict.NEWER).getFirst())
              .contains("UNREADABLE: the level that is final has format 3");
          assertThat(JournalCheck.run(seats.store, world.environment()).verdict())
              .isEqualTo(Verdict.NEWER);
        });
  }

  private static Seats filled(SimulatedWorld world) {
    Seats seats = new Seats(world);
    Seats.Seat seat = seats.leading("one");
    for (int i = 0; i < 20; i++) {
      Seats.create(seat.port(), "topic-" + i);
    }
    seat.port().close();
    return seats;
  }

  private static void put(Seats seats, StateRecord... records) {
    WireWriter body = EntryBody.records().atLevel(Levels.KNOWN);
    for (StateRecord record : records) {
      StateRecordCodec.write(record, body);
    }
    append(seats, body);
  }

  private static void append(Seats seats, WireWriter body) {
    seats.store.replace(
        "journal/%020d".formatted(1),
        JournalEntry.following(JournalTip.START, 1, 7, 1_000, body.toByteArray()).frame());
  }

  private static List<String> dump(Seats seats, long from, long to, Verdict verdict) {
    StringWriter text = new StringWriter();
    assertThat(
            JournalDump.print(
                seats.store, seats.world.environment(), new PrintWriter(text), from, to))
        .isEqualTo(verdict);
    return text.toString().lines().toList();
  }
}
