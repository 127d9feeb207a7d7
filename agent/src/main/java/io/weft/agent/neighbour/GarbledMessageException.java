package io.weft.agent.neighbour;

/// Bytes from another agent that no agent of this protocol writes.
public final class GarbledMessageException extends Exception {
  private static final long serialVersionUID = 1L;

  GarbledMessageException(String what) {
    super(what);
  }
}
