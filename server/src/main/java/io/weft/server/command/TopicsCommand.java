package io.weft.server.command;

import io.weft.server.settings.SettingTable;
import java.io.PrintWriter;
import java.util.List;

/// `weft topics deleted | undelete | let-go`.
final class TopicsCommand implements CommandGroup {
  @Override
  public String name() {
    return "topics";
  }

  @Override
  public String meaning() {
    return "Lists deleted topics, and brings them back.";
  }

  @Override
  public List<Subcommand> subcommands(PrintWriter out) {
    return List.of(
        new Subcommand(
            "deleted",
            "Lists the topics that were deleted and can be brought back, and until when.",
            SettingTable.TOPICS_DELETED,
            SettingTable.TOPICS_DELETED,
            settings -> TopicSteps.list(settings, out)),
        new Subcommand(
            "undelete",
            "Brings a deleted topic back, with its id, records, offsets and settings.",
            SettingTable.TOPICS_UNDELETE,
            SettingTable.TOPICS_UNDELETE,
            settings -> TopicSteps.undelete(settings, out)),
        new Subcommand(
            "let-go",
            "Lets a deleted topic go before its time: its records can never be read again.",
            SettingTable.TOPICS_LET_GO,
            SettingTable.TOPICS_LET_GO,
            settings -> TopicSteps.letGo(settings, out)));
  }
}
