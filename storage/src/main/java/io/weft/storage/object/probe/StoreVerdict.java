package io.weft.storage.object.probe;

/// What a [StoreProbe] found.
public sealed interface StoreVerdict {
  /// Every call did what it should.
  record Sound() implements StoreVerdict {}

  /// The store answers, and does not keep a promise: nothing may be trusted to it.
  ///
  /// @param call that failed, in words
  /// @param answered what the store did
  /// @param right what it should have done
  record Broken(String call, String answered, String right) implements StoreVerdict {
    /// For the operator; without the name of the store.
    public String sentence() {
      return "%s: %s; right would be: %s".formatted(call, answered, right);
    }
  }
}
