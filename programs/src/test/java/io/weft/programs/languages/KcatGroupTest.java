package io.weft.programs.languages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.programs.Clients;
import io.weft.programs.Eventually;
import io.weft.programs.Target;
import io.weft.server.process.ChildProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// kcat as members of a consumer group. Skipped where it isn't installed.
@Timeout(300)
class KcatGroupTest {
  private static final String KCAT = "/usr/bin/kcat";
  private static final Duration WAIT_MAX = Duration.ofMinutes(2);

  @TempDir static Path folder;

  private static Target target;
  private static Clients clients;

  @BeforeAll
  static void start() throws InterruptedException {
    assumeTrue(Script.works(folder, Map.of(), KCAT, "-V"), "kcat is not installed");
    target = Target.start(folder);
    clients = target.clients();
  }

  @AfterAll
  static void stop() {
    if (target != null) {
      target.close();
    }
  }

  @Test
  void twoMembersShareATopicAndALaterOneGoesOn() throws Exception {
    clients.createTopic("kcat-group", 4);
    List<ChildProcess> members = List.of(member(), member());
    try {
      for (ChildProcess one : members) {
        Eventually.await(
            "two partitions each",
            WAIT_MAX,
            () ->
                one.output().lines().filter(line -> line.contains("assigned:")).count() > 0
                    && lastAssigned(one) == 2);
      }
      clients.send("kcat-group", 4, IntStream.range(0, 40).mapToObj("line %d"::formatted).toList());
      Eventually.await("40 lines", WAIT_MAX, () -> lines(members).size() >= 40);
    } finally {
      for (ChildProcess one : members) {
        one.signal("TERM");
        one.awaitEnd(WAIT_MAX);
      }
    }
    assertThat(lines(members))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 40).mapToObj("line %d"::formatted).toList());
    assertThat(clients.committed("kcat-group").values()).containsOnly(10L);

    clients.send("kcat-group", 4, List.of("line 40"));
    try (ChildProcess later = member()) {
      Eventually.await("one more", WAIT_MAX, () -> !lines(List.of(later)).isEmpty());
      assertThat(lines(List.of(later))).containsExactly("line 40");
    }
  }

  private static ChildProcess member() {
    List<String> command =
        new ArrayList<>(List.of(KCAT, "-b", target.address(), "-u", "-G", "kcat-group"));
    Stream.of("auto.offset.reset=earliest", "session.timeout.ms=30000")
        .forEach(setting -> command.addAll(List.of("-X", setting)));
    command.add("kcat-group");
    return ChildProcess.start(folder, command);
  }

  /// As kcat says: `% Group g rebalanced (memberid m): assigned: t [0], t [1]`.
  private static long lastAssigned(ChildProcess member) {
    String last =
        member
            .output()
            .lines()
            .filter(line -> line.contains("assigned:"))
            .reduce("", (before, line) -> line);
    return last.chars().filter(c -> c == '[').count();
  }

  private static List<String> lines(List<ChildProcess> members) {
    return members.stream()
        .flatMap(one -> one.output().lines())
        .filter(line -> line.startsWith("line "))
        .toList();
  }
}
