package io.weft.house;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// What may not be used, where it may all the same, and what to use instead.
///
/// A row's pattern is `class.member`; `*` stands for anything, so that `class.*` bans the class
/// wherever it is named. Packages are those of `io.weft` and what is below them.
final class Bans {
  private static final String TABLE =
      """
      java.lang.System.nanoTime                | environment | Clock.nanos
      java.lang.System.currentTimeMillis       | environment | Clock.wallMs
      java.time.*.now                          | environment | Clock.wallMs
      java.time.Clock.system*                  | environment | environment's Clock
      java.lang.Thread.sleep                   | environment | Tasks.sleepMs
      java.lang.Thread.<init>                  | environment | Tasks.start
      java.lang.Thread.of*                     | environment | Tasks.start
      java.lang.Thread.startVirtualThread      | environment | Tasks.start
      java.util.Timer.*                        | environment | Tasks.start
      java.util.concurrent.Executors.*         | environment | Tasks.start
      java.util.concurrent.ExecutorService.*   | environment | Tasks.start
      java.util.concurrent.ForkJoinPool.*      | environment | Tasks.start
      java.util.concurrent.Scheduled*          | environment | Tasks.start
      java.util.concurrent.ThreadPoolExecutor.*| environment | Tasks.start
      java.util.concurrent.CompletableFuture.* | controlplane.groups | Pending
      java.util.concurrent.CompletionStage.*   | -           | Pending
      *.parallelStream                         | -           | Tasks.start
      java.util.stream.*.parallel              | -           | Tasks.start
      java.util.concurrent.ThreadLocalRandom.* | environment | Randomness
      java.util.concurrent.locks.*.awaitNanos  | environment | Tasks.awaitMs
      java.util.concurrent.locks.*.awaitUntil  | environment | Tasks.awaitMs
      java.util.concurrent.locks.*.parkNanos   | environment | Tasks.awaitMs
      java.util.concurrent.locks.*.parkUntil   | environment | Tasks.awaitMs
      java.lang.Object.wait                    | -           | a Condition
      java.lang.Object.notify*                 | -           | a Condition
      java.util.Random.*                       | environment simulated | Randomness
      java.util.SplittableRandom.*             | environment | Randomness
      java.util.random.*                       | environment | Randomness
      java.security.SecureRandom.*             | environment simulated | Randomness
      java.lang.Math.random                    | environment | Randomness
      java.util.UUID.randomUUID                | environment | Randomness
      org.apache.kafka.common.Uuid.randomUuid  | environment | Randomness
      software.amazon.*                        | storage.object.s3 | ObjectStore
      io.grpc.*                                | rpc controlplane.rpc agent.neighbour.rpc \
      | controlplane.api
      io.prometheus.*                          | server.metrics   | Metrics
      com.google.protobuf.*                    | controlplane.rpc  | controlplane.codec
      com.yammer.*                             | controlplane.groups | Metrics
      org.apache.kafka.common.protocol.Errors.* | agent.api controlplane.groups server bench | an answer, a value of our own
      org.apache.kafka.*                       | protocol agent.network agent.api \
      controlplane.groups controlplane.rules server bench | our own types: Kafka's stay above the control plane
      """;

  /// A JDK call that ends when a time has passed: its time comes with its unit.
  private static final String TIMED = "JLjava/util/concurrent/TimeUnit;";

  private static final List<String> TIMED_OWNERS =
      List.of("java.util.concurrent.", "java.lang.Thread", "java.lang.Process");

  /// Collections whose order is another in every process: one seed would not give one run, and one
  /// journal not one state.
  private static final Pattern SALTED =
      Pattern.compile("java\\.util\\.(Set|Map)\\.(of|ofEntries|copyOf)\\([^)].*");

  private static final List<String> ORDERED_ROOMS =
      List.of("controlplane.state", "controlplane.leader", "controlplane.command");

  private static final String UNIT = "java.util.concurrent.TimeUnit";

  private record Row(Pattern pattern, List<String> unlessIn, String instead) {}

  private final List<Row> rows = TABLE.lines().map(Bans::row).toList();

  List<Violation> check(Collection<CompiledClass> classes) {
    Set<Violation> violations = new TreeSet<>();
    for (CompiledClass user : classes) {
      for (Row row : rows) {
        if (!isIn(row.unlessIn(), user.packageName())) {
          uses(user, row.pattern())
              .forEach(used -> violations.add(banned(user, used, row.instead())));
        }
      }
      if (!isIn(List.of("environment"), user.packageName())) {
        timedWaits(user).forEach(used -> violations.add(banned(user, used, "Tasks.awaitMs")));
      }
      if (isIn(ORDERED_ROOMS, user.packageName())) {
        salted(user).forEach(used -> violations.add(banned(user, used, "a TreeMap or TreeSet")));
      }
      for (String method : user.monitors()) {
        violations.add(banned(user, "synchronized in " + method, "ReentrantLock"));
      }
    }
    return List.copyOf(violations);
  }

  private static Violation banned(CompiledClass user, String used, String instead) {
    return new Violation(user.name(), "%s is banned: use %s".formatted(used, instead));
  }

  private static List<String> uses(CompiledClass user, Pattern pattern) {
    List<String> uses = new ArrayList<>();
    for (CompiledClass.Member member : user.members()) {
      String name = member.owner() + "." + member.name();
      if (pattern.matcher(name).matches()) {
        uses.add(name);
      }
    }
    for (String name : user.classes()) {
      if (pattern.matcher(name + ".").matches()) {
        uses.add(name);
      }
    }
    return uses;
  }

  private static List<String> timedWaits(CompiledClass user) {
    return user.members().stream()
        .filter(member -> member.descriptor().contains(TIMED))
        .filter(member -> TIMED_OWNERS.stream().anyMatch(member.owner()::startsWith))
        .filter(member -> !member.owner().equals(UNIT))
        .map(member -> member.owner() + "." + member.name() + " with a time limit")
        .toList();
  }

  private static List<String> salted(CompiledClass user) {
    return user.members().stream()
        .filter(member -> SALTED.matcher(member.toString()).matches())
        .map(member -> member.owner() + "." + member.name())
        .toList();
  }

  private static boolean isIn(List<String> packages, String packageName) {
    return packages.stream()
        .anyMatch(one -> (packageName + ".").startsWith(Arrows.OURS + one + "."));
  }

  private static Row row(String line) {
    String[] cells = line.split("\\|", -1);
    return new Row(
        Pattern.compile("\\Q" + cells[0].strip().replace("*", "\\E.*\\Q") + "\\E"),
        List.of(cells[1].strip().split(" +")),
        cells[2].strip());
  }
}
