package io.weft.controlplane.command;

/// Levels of the network's layouts: each change of any message is a new one.
public final class Levels {
  /// What every release speaks.
  public static final int FIRST = 1;

  /// The highest that this release speaks.
  public static final int KNOWN = 1;

  private Levels() {}
}
