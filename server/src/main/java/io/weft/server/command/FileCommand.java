package io.weft.server.command;

import io.weft.environment.Environment;
import io.weft.storage.file.FileDump;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.url.ObjectStoreUrl;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `weft file dump URL`: prints one of Weft's files for a person.
final class FileCommand {
  private FileCommand() {}

  static CommandSpec spec() {
    CommandSpec dump = CommandSpec.create().name("dump");
    dump.usageMessage().description("Prints a file: its index and every batch in it.");
    dump.addOption(help());
    dump.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("URL")
            .index("0")
            .type(String.class)
            .description(
                "Bucket URL with the object's key behind it, such as file:weft-data/bucket/files/…")
            .required(true)
            .build());
    CommandSpec file = CommandSpec.create().name("file");
    file.usageMessage().description("Looks into Weft's files.");
    file.addOption(help());
    file.addSubcommand("dump", dump);
    return file;
  }

  private static OptionSpec help() {
    return OptionSpec.builder("-h", "--help").usageHelp(true).description("This.").build();
  }

  static int run(ParseResult file, PrintWriter out, PrintWriter err) {
    if (!file.hasSubcommand()) {
      err.println("Say what to do with a file: weft file dump URL.");
      return WeftCommand.EXIT_WRONG_USE;
    }
    Integer helped = CommandLine.executeHelpRequest(file.subcommand());
    if (helped != null) {
      return helped;
    }
    return dump(file.subcommand().matchedPositionalValue(0, ""), out, err);
  }

  private static int dump(String url, PrintWriter out, PrintWriter err) {
    int marker = url.lastIndexOf("files/");
    int query = url.indexOf('?');
    if (marker < 1 || (query >= 0 && query < marker)) {
      err.println(
          "The URL must end with files/ and twenty digits, such as"
              + " file:weft-data/bucket/files/00000000000000000001.");
      return WeftCommand.EXIT_WRONG_USE;
    }
    String options = query < 0 ? "" : url.substring(query);
    String key = url.substring(marker, query < 0 ? url.length() : query);
    try (ObjectStore store =
        ObjectStoreUrl.parse(url.substring(0, marker) + options).open(Environment.system())) {
      FileDump.print(store, new ObjectKey(key), out);
      return 0;
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      return WeftCommand.EXIT_WRONG_USE;
    } catch (ObjectStoreException e) {
      err.println("The file cannot be read: " + e.getMessage());
      return WeftCommand.EXIT_FAILED;
    }
  }
}
