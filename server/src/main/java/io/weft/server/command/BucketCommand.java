package io.weft.server.command;

import io.weft.server.process.BucketSteps;
import io.weft.server.settings.SettingTable;
import java.io.PrintWriter;
import java.util.List;

/// `weft bucket show | adopt | skip-ids`.
final class BucketCommand implements CommandGroup {
  @Override
  public String name() {
    return "bucket";
  }

  @Override
  public String meaning() {
    return "Shows which cluster owns a bucket, and changes it.";
  }

  @Override
  public List<Subcommand> subcommands(PrintWriter out) {
    return List.of(
        new Subcommand(
            "show",
            "Says which cluster a bucket belongs to, and the highest file id in it.",
            SettingTable.BUCKET_SHOW,
            SettingTable.BUCKET_SHOW,
            settings -> BucketSteps.show(settings, out)),
        new Subcommand(
            "adopt",
            "Makes a bucket another cluster's, on purpose. Its agents must not be running.",
            SettingTable.BUCKET_ADOPT,
            SettingTable.BUCKET_ADOPT,
            settings -> BucketSteps.adopt(settings, out)),
        new Subcommand(
            "skip-ids",
            "Takes all file ids that a bucket holds from the control plane, so that none of them is"
                + " given again: for a journal that has lost its end.",
            SettingTable.BUCKET_SKIP_IDS,
            SettingTable.BUCKET_SKIP_IDS,
            settings -> BucketSteps.skipIds(settings, out)));
  }
}
