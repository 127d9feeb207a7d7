package io.weft.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.process.ChildProcess;
import io.weft.server.process.Repository;
import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// `bin/weft` in a checkout that is built, with and without an AOT cache, whatever is wrong with
/// it.
class LauncherTest {
  private static final List<String> VERSION = List.of("--version");

  /// One cache, trained by `weft --help` alone, serves all tests.
  @TempDir static Path checkout;

  private static Path cache;

  @TempDir Path saved;

  @BeforeAll
  static void makeACache() throws Exception {
    build(checkout);
    run(0, "make-aot-cache", List.of("--help"), Map.of("WEFT_PORT", "none", "WEFT_AOT", "off"));
    try (Stream<Path> files = Files.list(target().resolve("aot"))) {
      cache = files.filter(file -> file.toString().endsWith(".aot")).findFirst().orElseThrow();
    }
  }

  /// What `bin/weft` needs of a checkout that it has built.
  private static void build(Path home) throws IOException {
    Path bin = Files.createDirectories(home.resolve("bin"));
    for (String each : List.of("weft", "find-jdk", "make-aot-cache")) {
      Files.copy(
          Repository.root().resolve("bin").resolve(each),
          bin.resolve(each),
          StandardCopyOption.COPY_ATTRIBUTES);
    }
    Path target = Files.createDirectories(home.resolve("distribution/target"));
    Files.createDirectories(home.resolve("server/src/main"));
    for (String each : List.of("pom.xml", "server/pom.xml")) {
      Files.createFile(home.resolve(each));
    }
    Files.writeString(target.resolve("classpath"), classPath());
    Path built = Files.createFile(target.resolve(".built"));
    FileTime now = Files.getLastModifiedTime(built);
    for (String each : List.of("pom.xml", "server/pom.xml", "server/src/main")) {
      Files.setLastModifiedTime(home.resolve(each), FileTime.from(now.toInstant().minusSeconds(9)));
    }
    Files.setLastModifiedTime(built, FileTime.from(now.toInstant().minusSeconds(5)));
  }

  @BeforeEach
  void save() throws IOException {
    Files.copy(cache, saved.resolve("cache"), StandardCopyOption.COPY_ATTRIBUTES);
  }

  @AfterEach
  void restore() throws IOException {
    Files.copy(
        saved.resolve("cache"),
        cache,
        StandardCopyOption.COPY_ATTRIBUTES,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void startsFromItsCache() throws Exception {
    String classes =
        run(0, "weft", VERSION, Map.of("WEFT_JVM_OPTS", "-Xlog:class+load=info")).stream()
            .filter(line -> line.contains(" io.weft.server.command.WeftCommand "))
            .collect(Collectors.joining());

    assertThat(classes).contains("shared objects file");
  }

  enum Damage {
    TRUNCATED,
    NOISE,
    NOISE_INSIDE,
    ANOTHER_JDK
  }

  @ParameterizedTest
  @EnumSource
  void startsWithoutAWordWhateverTheCacheIs(Damage damage) throws Exception {
    apply(damage);

    assertThat(run(0, "weft", VERSION, Map.of())).singleElement().asString().startsWith("weft ");
  }

  @Test
  void startsWithoutAWordOnAnotherClassPath() throws Exception {
    Path path = target().resolve("aot/classpath");
    String before = Files.readString(path);
    List<String> parts = new ArrayList<>(List.of(before.split(File.pathSeparator)));
    parts.addFirst(parts.removeLast());
    try {
      Files.writeString(path, String.join(File.pathSeparator, parts));

      assertThat(run(0, "weft", VERSION, Map.of())).singleElement().asString().startsWith("weft ");
    } finally {
      Files.writeString(path, before);
    }
  }

  /// The JVM would not start with both: options of an operator come first.
  @Test
  void startsWithTheOptionsOfAnOperator() throws Exception {
    assertThat(run(0, "weft", VERSION, Map.of("WEFT_JVM_OPTS", "-Xshare:off")))
        .singleElement()
        .asString()
        .startsWith("weft ");
  }

  @Test
  void whatAnEarlierBuildHasLeftIsNotUsed() throws Exception {
    Path path = target().resolve("aot/classpath");
    String before = Files.readString(path);
    FileTime built = Files.getLastModifiedTime(target().resolve(".built"));
    try {
      // With this one nothing starts.
      Files.writeString(path, "nowhere.jar");
      Files.setLastModifiedTime(path, FileTime.from(built.toInstant().minusSeconds(1)));

      assertThat(run(0, "weft", VERSION, Map.of())).singleElement().asString().startsWith("weft ");
    } finally {
      Files.writeString(path, before);
    }
  }

  @Test
  void makesNoSecondCacheBesideARunThatMakesOne() throws Exception {
    Path making = Files.createDirectory(target().resolve("aot/making"));
    try {
      assertThat(run(1, "make-aot-cache", List.of("--help"), Map.of()))
          .singleElement()
          .asString()
          .startsWith("Another run makes an AOT cache");
    } finally {
      Files.delete(making);
    }
  }

  @Test
  void aDevThatStartsWithoutACacheHasOneMadeForTheNext(@TempDir Path fresh) throws Exception {
    build(fresh);
    Path script = fresh.resolve("bin/make-aot-cache");
    Files.writeString(
        script, "#!/bin/sh\necho made >>${0%/*}/../calls; echo made >${0%/*}/../called\n");
    makePipe(fresh.resolve("called"));
    List<String> dev = List.of("dev", "--port", "none");

    run(fresh, 2, "weft", List.of("agent"), Map.of());
    run(fresh, 2, "weft", dev, Map.of("WEFT_AOT", "off"));
    run(fresh, 2, "weft", dev, Map.of("WEFT_JVM_OPTS", "-XX:AOTMode=off"));
    run(fresh, 2, "weft", dev, Map.of());

    try (ChildProcess reader =
        ChildProcess.start(fresh, List.of("cat", fresh.resolve("called").toString()))) {
      assertThat(reader.awaitEnd(ChildProcess.START_MAX)).isZero();
      assertThat(reader.output()).contains("made");
    }
    assertThat(fresh.resolve("calls")).content().isEqualToIgnoringNewLines("made");
  }

  private static void makePipe(Path path) throws InterruptedException {
    try (ChildProcess made =
        ChildProcess.start(path.getParent(), List.of("mkfifo", path.toString()))) {
      assertThat(made.awaitEnd()).isZero();
    }
  }

  /// Otherwise each start would try again.
  @Test
  void aTrainingRunWithoutACacheIsRemembered() throws Exception {
    Files.delete(cache);

    List<String> said = run(1, "make-aot-cache", List.of("no-such-command"), Map.of());

    assertThat(said.getFirst()).startsWith("No AOT cache came of the training run");
    assertThat(cache).isEmptyFile();
    assertThat(target().resolve("aot/making")).doesNotExist();
    assertThat(run(0, "weft", VERSION, Map.of())).hasSize(1);
  }

  private static void apply(Damage damage) throws IOException {
    long length = Files.size(cache);
    switch (damage) {
      case TRUNCATED -> truncate(length / 2);
      case NOISE -> noise(0, (int) (length / 4));
      case NOISE_INSIDE -> {
        for (int part = 1; part < 8; part++) {
          noise(length / 8 * part, 1 << 16);
        }
      }
      case ANOTHER_JDK -> {
        byte[] bytes = Files.readAllBytes(cache);
        byte[] version = System.getProperty("java.vm.version").getBytes(US_ASCII);
        int at = indexOf(bytes, version);
        bytes[at] ^= 1;
        Files.write(cache, bytes);
      }
    }
  }

  private static int indexOf(byte[] bytes, byte[] wanted) {
    for (int i = 0; i + wanted.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    throw new AssertionError("a cache that does not say which JVM made it");
  }

  private static void truncate(long length) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(cache.toFile(), "rw")) {
      file.setLength(length);
    }
  }

  private static void noise(long from, int length) throws IOException {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    try (RandomAccessFile file = new RandomAccessFile(cache.toFile(), "rw")) {
      file.seek(from);
      file.write(bytes);
    }
  }

  private static Path target() {
    return checkout.resolve("distribution/target");
  }

  /// Of this test's process, without the folders of the tests' own classes.
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(part -> !part.contains("test-classes") && Files.exists(Path.of(part)))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /// @return what it printed, errors and all
  private static List<String> run(
      int code, String script, List<String> arguments, Map<String, String> variables)
      throws InterruptedException {
    return run(checkout, code, script, arguments, variables);
  }

  private static List<String> run(
      Path home, int code, String script, List<String> arguments, Map<String, String> variables)
      throws InterruptedException {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin/" + script).toString()));
    command.addAll(arguments);
    Map<String, String> all = new HashMap<>(variables);
    all.put("JAVA_HOME", System.getProperty("java.home"));
    try (ChildProcess process = ChildProcess.start(home, command, all)) {
      assertThat(process.awaitEnd(ChildProcess.START_MAX))
          .describedAs(process.output())
          .isEqualTo(code);
      return process.output().lines().toList();
    }
  }
}
