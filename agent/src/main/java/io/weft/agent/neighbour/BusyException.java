package io.weft.agent.neighbour;

/// This agent has as much to do for its neighbours as it takes on: they are told at once.
public final class BusyException extends Exception {
  private static final long serialVersionUID = 1L;

  BusyException(String what) {
    super(what);
  }
}
