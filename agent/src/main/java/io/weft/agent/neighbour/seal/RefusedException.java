package io.weft.agent.neighbour.seal;

/// A request that no agent of this cluster has made of this one, or not now.
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  RefusedException(String what) {
    super(what);
  }
}
