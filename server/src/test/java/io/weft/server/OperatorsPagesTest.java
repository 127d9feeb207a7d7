package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.process.Repository;
import io.weft.server.process.WeftProcess;
import io.weft.storage.object.url.ObjectStoreUrl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the documentation says to operators is what the program knows.
class OperatorsPagesTest {
  private static final Pattern OPTION = Pattern.compile("(?m)^\\| `(\\w+)` \\|");
  private static final Pattern METRIC = Pattern.compile("\\b((weft|jvm|process)_[a-z_]+)\\b");
  private static final Pattern SHOWN = Pattern.compile("(?m)^# TYPE (weft_\\w+) ");

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"s3", "file", "mem"})
  void everyOptionOfAStoreIsDescribedAndNoOther(String scheme) throws IOException {
    String page = page("stores.md");
    String section = page.substring(page.indexOf("\n## `" + scheme + ":") + 1);
    int next = section.indexOf("\n## ");

    assertThat(found(OPTION, section.substring(0, next)))
        .containsExactlyInAnyOrderElementsOf(ObjectStoreUrl.optionsOf(scheme));
  }

  @Test
  void everyFigureIsExplainedAndNoOther() throws Exception {
    List<String> arguments = List.of("dev", "--port", "0", "--metrics-listen", "127.0.0.1:0");
    try (WeftProcess weft = WeftProcess.start(folder, List.of("-Xmx256m"), arguments)) {
      askForAnything(weft.address());
      String shown = WeftProcess.page(weft.process(), "/metrics").body();
      List<String> explained = found(METRIC, page("operations.md"));

      assertThat(explained).containsAll(new TreeSet<>(found(SHOWN, shown)));
      assertThat(explained).allMatch(shown::contains);
    }
  }

  /// Requests are counted by API: until there was one, there is no figure.
  private static void askForAnything(String address) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
      admin.describeCluster().clusterId().get(1, TimeUnit.MINUTES);
    }
  }

  private static List<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map((MatchResult each) -> each.group(1)).toList();
  }

  private static String page(String name) throws IOException {
    return Files.readString(Repository.root().resolve("docs").resolve(name));
  }
}
