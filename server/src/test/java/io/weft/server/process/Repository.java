package io.weft.server.process;

import java.nio.file.Files;
import java.nio.file.Path;

/// Where the tests run.
public final class Repository {
  private Repository() {}

  /// The folder of the root pom, wherever below it the tests were started.
  public static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("kafka-peer"))) {
      folder = folder.getParent();
      if (folder == null) {
        throw new IllegalStateException("not started from within the repository");
      }
    }
    return folder;
  }
}
