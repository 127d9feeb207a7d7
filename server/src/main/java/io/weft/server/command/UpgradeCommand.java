package io.weft.server.command;

import io.weft.server.settings.SettingTable;
import java.io.PrintWriter;
import java.util.List;

/// `weft upgrade status | finish`.
final class UpgradeCommand implements CommandGroup {
  @Override
  public String name() {
    return "upgrade";
  }

  @Override
  public String meaning() {
    return "Says how far an upgrade has come, and makes it final.";
  }

  @Override
  public List<Subcommand> subcommands(PrintWriter out) {
    return List.of(
        new Subcommand(
            "status",
            "Says which level of formats is final, and which each process knows.",
            SettingTable.UPGRADE,
            SettingTable.UPGRADE,
            settings -> UpgradeSteps.show(settings, out)),
        new Subcommand(
            "finish",
            "Makes the upgrade final: the release before can no longer be put back.",
            SettingTable.UPGRADE,
            SettingTable.UPGRADE,
            settings -> UpgradeSteps.finish(settings, out)));
  }
}
