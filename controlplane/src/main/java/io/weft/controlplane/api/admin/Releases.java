package io.weft.controlplane.api.admin;

import io.weft.controlplane.api.question.Question;
import io.weft.controlplane.codec.shape.AtMost;
import io.weft.model.AgentId;
import java.util.List;

/// Which releases work together, and the level of formats at which they do.
public interface Releases {
  /// Agents in one answer, at most.
  int AGENTS_MAX = 10_000;

  /// Characters of a release's name, at most.
  int RELEASE_CHARS_MAX = 100;

  /// Asked by a client first, and whenever it may have reached another process: answered by every
  /// process of the control plane, whether it leads or not. Its bytes never change.
  ///
  /// @return of the process that answers
  @Question(kind = 90, name = "Greet", since = 2)
  Greeting greet(Greeting mine);

  @Question(kind = 91, name = "DescribeUpgrade", since = 2)
  Status describe();

  /// Makes a level final: from here on the journal and snapshots are written at it, and releases
  /// that do not know it can no longer read them. No effect if it is so already.
  ///
  /// @throws io.weft.controlplane.api.ControlPlaneException.Rejected if the leader or an agent does
  ///   not know the level, or an agent has not said yet what it knows
  @Question(kind = 92, name = "FinishUpgrade", since = 2)
  void finish(int level);

  /// What a process says of itself.
  ///
  /// @param level the highest that it knows
  record Greeting(String release, int level) {
    public Greeting {
      if (release.length() > RELEASE_CHARS_MAX || level < 1) {
        throw new IllegalArgumentException("no release has level " + level);
      }
    }
  }

  /// @param cluster the level that is final
  /// @param leader the highest that the leader knows
  /// @param agents by rising id
  record Status(int cluster, int leader, @AtMost(AGENTS_MAX) List<AgentLevel> agents) {}

  /// @param level the highest that the agent knows; 0 if it has not said yet
  record AgentLevel(AgentId agent, int level) {}
}
