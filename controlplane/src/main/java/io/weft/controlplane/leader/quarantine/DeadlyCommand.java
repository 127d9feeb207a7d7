package io.weft.controlplane.leader.quarantine;

import java.util.Optional;

/// The state met a bug in this command, and is not to be used any more.
public final class DeadlyCommand extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Optional<Suspect> suspect;

  /// @param suspect empty if it cannot be told from others
  public DeadlyCommand(Optional<Suspect> suspect, Throwable cause) {
    super("the control plane met a bug", cause);
    this.suspect = suspect;
  }

  public Optional<Suspect> suspect() {
    return suspect;
  }
}
