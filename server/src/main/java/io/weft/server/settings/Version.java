package io.weft.server.settings;

import io.weft.controlplane.codec.Levels;

/// Which Weft this is.
public final class Version {
  /// As in the build's files.
  public static final String TEXT = Levels.RELEASE;

  private Version() {}
}
