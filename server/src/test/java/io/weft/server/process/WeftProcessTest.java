package io.weft.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.command.WeftCommand;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// That processes under test say what they say to operators.
class WeftProcessTest {
  private static final String SILENCE = "<configuration><root level=\"OFF\"/></configuration>";

  @TempDir Path folder;

  /// Whatever else the class path says, and in whichever order.
  @Test
  void logsAsTheProgramDoes() throws Exception {
    Path first = Files.createDirectory(folder.resolve("first"));
    Files.writeString(first.resolve("logback-test.xml"), SILENCE);
    List<String> silenced = List.of("-Xmx256m", "-Xbootclasspath/a:" + first);
    try (WeftProcess weft =
        WeftProcess.ready(WeftProcess.launch(folder, silenced, List.of("dev", "--port", "0")))) {
      assertThat(weft.process().output()).contains(" INFO ");
    }
  }

  @Test
  void thereIsOneSuchFile() throws Exception {
    List<URL> files =
        Collections.list(WeftCommand.class.getClassLoader().getResources("logback.xml"));

    assertThat(files).singleElement().asString().contains("/server/").contains("/classes/");
  }
}
