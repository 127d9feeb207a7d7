package io.weft.server.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.journal.JournalEntry;
import io.weft.controlplane.journal.JournalTip;
import io.weft.controlplane.leader.LeaderSeat;
import io.weft.controlplane.leader.LeaderSettings;
import io.weft.environment.Environment;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.url.ObjectStoreUrl;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WeftCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "dev --help",
        "control-plane --help",
        "agent --help",
        "file --help",
        "file dump --help",
        "journal --help",
        "journal check --help",
        "journal dump --help",
        "upgrade --help",
        "upgrade status --help",
        "upgrade finish --help"
      })
  void everyCommandHelps(String arguments) {
    assertThat(run(arguments)).isZero();
    assertThat(out.toString()).startsWith("Usage: weft");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aMisspeltOptionIsRefusedWithTheNearestOne() {
    assertThat(run("dev --flush-intervall-ms 5")).isEqualTo(2);
    assertThat(err.toString()).contains("--flush-interval-ms").doesNotContain("at io.weft");
  }

  @Test
  void aCommandMustBeSaid() {
    assertThat(run("")).isEqualTo(2);
    assertThat(err.toString()).startsWith("Say which command: weft dev | control-plane | agent");
  }

  @Test
  void whatIsNeededIsAskedForByName() {
    assertThat(run("agent --listen 127.0.0.1:0")).isEqualTo(2);
    assertThat(err.toString().trim())
        .isEqualTo(
            "control.plane is not set; give it with --control-plane (host:port of the control"
                + " plane, several separated by commas).");
  }

  @Test
  void aWrongBucketStopsTheStartWithOneSentence() {
    assertThat(run("control-plane --listen 127.0.0.1:0 --journal s4://x")).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).startsWith("journal is 's4://x', which cannot be used: ");
  }

  @Test
  void aTakenPortIsSaidInOneSentence() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String arguments =
          "control-plane --listen 127.0.0.1:%d --journal mem:taken".formatted(taken.getLocalPort());
      assertThat(run(arguments)).isEqualTo(1);
    }
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString())
        .startsWith("cannot listen at 127.0.0.1:")
        .contains("in use")
        .contains("--listen");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "control-plane --listen 127.0.0.1:0 --journal mem:observed",
        "agent --listen 127.0.0.1:0 --control-plane 127.0.0.1:1 --bucket mem:observed",
        "dev --port 0 --data mem:observed"
      })
  void aWrongAddressForMetricsStopsTheStartWithOneSentence(String arguments) {
    assertThat(run(arguments + " --metrics-listen nowhere")).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).startsWith("metrics.listen is 'nowhere': ");
  }

  @Test
  void aFileThatIsNoFileOfOursIsSaidToBe() {
    assertThat(run("file dump file:nowhere/42")).isEqualTo(2);
    assertThat(err.toString()).contains("must end with files/ and twenty digits");
  }

  @Test
  void aJournalIsCheckedAndDumped() {
    ObjectStore store = ObjectStoreUrl.open("mem:looked-into", Environment.system());
    LeaderSeat seat =
        LeaderSeat.open(store, LeaderSettings.standard("one", true), Environment.system());
    seat.awaitLeading(60_000);
    seat.close();

    assertThat(run("journal check --journal mem:looked-into")).isZero();
    assertThat(out.toString()).contains("The journal is sound.");
    assertThat(run("journal dump --journal mem:looked-into --from 1 --to 1")).isZero();
    assertThat(out.toString()).contains("leader started: one").contains("1 entries");

    ObjectKey first = new ObjectKey("journal/00000000000000000001");
    store.put(first, ObjectBody.of(new byte[100]));
    assertThat(run("journal check --journal mem:looked-into")).isEqualTo(3);
    assertThat(out.toString()).contains("FIRST FAULT: journal entry 1 is damaged");
    assertThat(run("journal dump --journal mem:looked-into")).isEqualTo(3);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void aNewerReleasesJournalIsSaidToBeOneByBothCommands() {
    ObjectStore store = ObjectStoreUrl.open("mem:newer", Environment.system());
    byte[] body = {1, 90};
    store.put(
        new ObjectKey("journal/00000000000000000001"),
        ObjectBody.of(JournalEntry.following(JournalTip.START, 1, 7, 1_000, body).frame()));

    assertThat(run("journal check --journal mem:newer")).isEqualTo(4);
    assertThat(run("journal dump --journal mem:newer")).isEqualTo(4);
    assertThat(out.toString()).contains("a newer release wrote it");
  }

  @Test
  void wrongUseOfTheJournalsCommandsIsSaid() {
    assertThat(run("journal check --journal mem:nothing-here")).isEqualTo(1);
    assertThat(out.toString()).contains("There is no journal here");
    assertThat(run("journal dump --journal mem:nothing-here")).isEqualTo(1);
    assertThat(run("journal")).isEqualTo(2);
    assertThat(run("journal check")).isEqualTo(2);
    assertThat(run("journal dump --journal mem:x --from two")).isEqualTo(2);
    assertThat(run("journal check --journal s4://x")).isEqualTo(2);
    assertThat(err.toString()).contains("should begin with mem:").doesNotContain("at io.weft");
  }

  @Test
  void theMistakeStandsLastBehindTheHelpOfTheOneOption() {
    assertThat(run("dev --flush-intervall-ms 5")).isEqualTo(2);
    List<String> lines = err.toString().lines().toList();
    assertThat(lines.getLast())
        .isEqualTo(
            "'--flush-intervall-ms' is no option here; did you mean --flush-interval-ms?"
                + " (weft dev --help lists what there is).");
    assertThat(lines.getFirst()).contains("--flush-interval-ms=VALUE");
    assertThat(lines.size()).isLessThan(8);
  }

  @Test
  void anOptionWithoutItsValueIsShownWithItsHelp() {
    assertThat(run("agent --listen")).isEqualTo(2);
    List<String> lines = err.toString().lines().toList();
    assertThat(lines.getFirst()).contains("--listen=VALUE");
    assertThat(lines.getLast()).contains("--listen").contains("weft agent --help");
  }

  @Test
  void aMisspeltCommandIsRefusedWithTheNearestOne() {
    assertThat(run("agnet")).isEqualTo(2);
    assertThat(err.toString().strip())
        .isEqualTo(
            "'agnet' is no command here; did you mean agent? (weft --help lists what there is).");
  }

  @Test
  void helpShowsFirstWhatMostNeed() {
    assertThat(run("agent --help")).isZero();
    List<String> options =
        out.toString()
            .lines()
            .map(String::strip)
            .filter(line -> line.startsWith("--"))
            .map(line -> line.replaceAll("=.*", ""))
            .toList();
    assertThat(options)
        .startsWith("--listen", "--advertise", "--control-plane", "--bucket", "--zone", "--config")
        .contains("--flush-interval-ms", "--metrics-listen");
    assertThat(out.toString()).contains("docs/stores.md");
  }

  @Test
  void saysWhichVersionItIs() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString().strip()).matches("weft [0-9]+\\.[0-9]+\\.[0-9]+.*");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--data=", "--data=file:", "--data=?sync=false", "--data=file:?sync=false"})
  void aPlaceWithoutANameIsRefused(String option) {
    assertThat(run("dev --port 0 " + option)).isEqualTo(2);
    assertThat(err.toString().lines()).hasSize(1);
    assertThat(err.toString()).startsWith("data is ");
  }

  private int run(String arguments) {
    String[] words = arguments.isEmpty() ? new String[0] : arguments.split(" ");
    return new WeftCommand(Map.of(), new PrintWriter(out, true), new PrintWriter(err, true))
        .run(words);
  }
}
