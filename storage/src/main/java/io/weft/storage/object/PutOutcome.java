package io.weft.storage.object;

/// The two answers to "put, if absent".
public enum PutOutcome {
  CREATED,
  /// An object of that key was there before, written by this process or another; it was not
  /// changed.
  EXISTS
}
