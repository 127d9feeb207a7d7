package io.weft.server.process;

/// A process cannot start as things are outside of it; the message says what would help.
public final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
