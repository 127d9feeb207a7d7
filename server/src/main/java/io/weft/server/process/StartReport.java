package io.weft.server.process;

import io.weft.server.settings.Settings;
import io.weft.server.settings.Version;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a process says of itself before it begins: an operator who reads the log of a bad night
/// needs it.
final class StartReport {
  private static final Logger LOG = LoggerFactory.getLogger(StartReport.class);
  private static final int MIB = 1 << 20;

  private StartReport() {}

  /// @param settings those that differ from their defaults are shown, secrets masked
  /// @param stores in which everything is kept
  static void log(Settings settings, List<OpenStore> stores) {
    LOG.info(
        "Weft {} on Java {}, {} processors, a heap of at most {} MiB",
        Version.TEXT,
        Runtime.version(),
        Runtime.getRuntime().availableProcessors(),
        Runtime.getRuntime().maxMemory() / MIB);
    List<String> changed = settings.changed();
    LOG.info(
        "settings that are not the default: {}",
        changed.isEmpty() ? "none" : String.join(", ", changed));
    for (OpenStore store : stores) {
      LOG.info("the store of {} is {}", store.setting(), store.url());
    }
  }
}
