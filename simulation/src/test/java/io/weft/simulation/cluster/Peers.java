package io.weft.simulation.cluster;

import java.util.List;

/// Which control-plane process an agent asks first: the one that answered last.
final class Peers {
  private final List<ControlPlaneNode> nodes;
  private int preferred;

  Peers(List<ControlPlaneNode> nodes) {
    this.nodes = nodes;
  }

  int count() {
    return nodes.size();
  }

  ControlPlaneNode preferred() {
    return nodes.get(preferred);
  }

  void passOver(ControlPlaneNode node) {
    if (preferred() == node) {
      preferred = (preferred + 1) % nodes.size();
    }
  }
}
