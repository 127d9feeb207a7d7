package io.weft.server.command;

import io.weft.server.settings.Setting;
import io.weft.server.settings.Settings;
import java.util.List;

/// One command with settings.
///
/// @param name as typed after `weft`
/// @param meaning one line for `--help`
/// @param first of its settings, those that most need; `--help` shows them first
/// @param settings all it takes
/// @param body what it does; returns when the command has ended
public record Subcommand(
    String name, String meaning, List<Setting> first, List<Setting> settings, Body body) {
  public interface Body {
    void run(Settings settings) throws InterruptedException;
  }
}
