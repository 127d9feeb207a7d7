package io.weft.agent.api;

import io.weft.agent.network.OwedAnswer;

/// The rows of answers that have one for each thing asked for, each larger than what asks for it.
/// Stateless.
public final class AnswerRows {
  /// The most rows of one answer. A request that asks for more is refused.
  public static final int ROWS_MAX = 100_000;

  /// A refusal names so many of the things asked for, and leaves out the others: it must not be
  /// what it refuses.
  public static final int REFUSED_MAX = 10_000;

  public static final String REFUSAL = "The request asks for too much at once; ask for less.";

  private AnswerRows() {}

  /// Waits for the room of an answer.
  ///
  /// @param rowBytes what one takes, its objects and what goes out, rather too much
  /// @return false if it has to be refused
  public static boolean fit(OwedAnswer owed, long rows, long rowBytes) throws InterruptedException {
    return rows <= ROWS_MAX && owed.madeRoom(rows * rowBytes);
  }
}
