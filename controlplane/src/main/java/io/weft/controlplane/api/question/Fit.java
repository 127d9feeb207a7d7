package io.weft.controlplane.api.question;

import java.util.List;

/// Whether something can be the reply to a question. Stateless; has a constructor without
/// parameters.
public interface Fit {
  /// @param arguments of the question
  /// @throws IllegalArgumentException if it cannot
  void check(List<?> arguments, Object reply);

  /// @throws IllegalArgumentException if there are more or fewer answers than questions
  static void checkCount(int answers, int questions) {
    if (answers != questions) {
      throw new IllegalArgumentException(
          "%d answers to %d questions".formatted(answers, questions));
    }
  }

  /// Anything can.
  final class Any implements Fit {
    @Override
    public void check(List<?> arguments, Object reply) {}
  }
}
