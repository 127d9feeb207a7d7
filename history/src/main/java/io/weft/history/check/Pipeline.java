package io.weft.history.check;

import java.util.function.LongUnaryOperator;

/// Something that makes one output of each input, in transactions together with its group's
/// offsets.
///
/// @param group reads the inputs
/// @param inputs what the keys of the inputs begin with; no value is sent to two of them
/// @param outputs what the keys of the outputs begin with
/// @param inputOf of an output's value, the value of the input it was made from
public record Pipeline(String group, String inputs, String outputs, LongUnaryOperator inputOf) {
  private static final int INPUT_BITS = 44;
  private static final long INPUT_MASK = (1L << INPUT_BITS) - 1;

  /// A pipeline whose outputs have the values that [#output] gives.
  public static Pipeline numbered(String group, String inputs, String outputs) {
    return new Pipeline(group, inputs, outputs, output -> output & INPUT_MASK);
  }

  /// A value for the output of an input: another one for each attempt, since what is aborted was
  /// sent too.
  ///
  /// @param attempt at most 2^18
  /// @param input at most 2^44
  public static long output(int attempt, long input) {
    if (input < 0 || input > INPUT_MASK || attempt < 0 || attempt >= 1 << 18) {
      throw new IllegalArgumentException("attempt %d, input %d".formatted(attempt, input));
    }
    return (long) (attempt + 1) << INPUT_BITS | input;
  }

  boolean isInput(KeyLog log) {
    return log.key().startsWith(inputs);
  }

  boolean isOutput(KeyLog log) {
    return log.key().startsWith(outputs);
  }
}
