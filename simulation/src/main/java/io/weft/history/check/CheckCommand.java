package io.weft.history.check;

import io.weft.history.HistoryReader;
import java.io.IOException;
import java.nio.file.Path;

/// Checks a recorded history again, and prints the verdict: `CheckCommand FILE`. Ends with 1 if it
/// is bad.
public final class CheckCommand {
  private CheckCommand() {}

  public static void main(String[] arguments) throws IOException {
    Verdict verdict =
        Checker.check(
            HistoryReader.read(Path.of(arguments[0])), Expectations.idempotentProducers());
    System.out.println(verdict);
    System.exit(verdict.isClean() ? 0 : 1);
  }
}
