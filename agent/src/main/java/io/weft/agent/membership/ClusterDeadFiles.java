package io.weft.agent.membership;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.file.DeadFiles;
import io.weft.model.AgentId;
import java.util.List;

/// Takes dead files of this agent's cluster, and of no other one. Thread-safe.
///
/// File ids of all clusters begin alike: another cluster's dead files would be live ones of ours.
/// The control plane is asked for its cluster *after* the files were taken: if it was exchanged
/// before that, this shows it.
public final class ClusterDeadFiles implements DeadFiles {
  private final DeadFiles deadFiles;
  private final Registration registration;

  public ClusterDeadFiles(DeadFiles deadFiles, Registration registration) {
    this.deadFiles = deadFiles;
    this.registration = registration;
  }

  /// @throws ControlPlaneException also if the files are another cluster's, or no answer says which
  ///   cluster they are of
  @Override
  public List<Long> take(AgentId agent, int max, long wallMs) {
    List<Long> taken = deadFiles.take(agent, max, wallMs);
    if (!taken.isEmpty() && !registration.renew()) {
      throw new ControlPlaneException.Unavailable("the dead files are another cluster's", null);
    }
    return taken;
  }

  @Override
  public void deleted(AgentId agent, List<Long> fileIds) {
    deadFiles.deleted(agent, fileIds);
  }
}
