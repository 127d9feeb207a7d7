package io.weft.history.check;

/// Something that does one small thing after another in a [ModelRun].
interface ModelClient {
  void step();

  /// Brings what it has begun to an end.
  void finish();
}
