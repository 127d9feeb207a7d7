package io.weft.server.settings;

/// Which Weft this is.
public final class Version {
  /// As in the build's files.
  public static final String TEXT = "0.1.0-SNAPSHOT";

  private Version() {}
}
