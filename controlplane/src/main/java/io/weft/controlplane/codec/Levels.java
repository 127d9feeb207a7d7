package io.weft.controlplane.codec;

/// Levels of formats: a release that changes the layout of a message or of a record, or adds a kind
/// of one, raises the level by one.
///
/// Two processes speak at the level that both know: they agree on it when they connect. The journal
/// and snapshots are written at the level of the cluster, which only an operator raises, once every
/// process knows it: until then the release before reads all that there is.
public final class Levels {
  /// What every release knows.
  public static final int FIRST = 1;

  /// The highest that this release knows.
  public static final int KNOWN = 2;

  /// The release, as its processes call themselves.
  public static final String RELEASE = "0.1.0-SNAPSHOT";

  private Levels() {}

  /// The level that two processes share.
  ///
  /// @param theirs as the other process gives it; anything below the first level counts as the
  ///   first
  public static int shared(int own, int theirs) {
    return Math.max(FIRST, Math.min(own, theirs));
  }
}
