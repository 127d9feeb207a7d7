package io.weft.history.check;

import io.weft.history.HistoryReader;
import java.io.IOException;
import java.nio.file.Path;

/// Checks a recorded history again, and prints the verdict: `CheckCommand FILE`, or `CheckCommand
/// FILE GROUP INPUTS OUTPUTS` for one with transactions and a [Pipeline]. Ends with 1 if it is bad.
public final class CheckCommand {
  private CheckCommand() {}

  public static void main(String[] arguments) throws IOException {
    Expectations expectations =
        arguments.length < 4
            ? Expectations.idempotentProducers()
            : Expectations.transactions()
                .withPipeline(Pipeline.numbered(arguments[1], arguments[2], arguments[3]));
    Verdict verdict = Checker.check(HistoryReader.read(Path.of(arguments[0])), expectations);
    System.out.println(verdict);
    System.exit(verdict.isClean() ? 0 : 1);
  }
}
