package io.weft.controlplane.state.log;

/// What becomes of extents that are to take the place of others.
public sealed interface ReplaceOutcome {
  /// They have done so.
  record Replaced() implements ReplaceOutcome {}

  /// Nothing has changed: what was to be replaced is no longer what it was, or others cannot take
  /// its place.
  ///
  /// @param why for people
  record Refused(String why) implements ReplaceOutcome {}
}
