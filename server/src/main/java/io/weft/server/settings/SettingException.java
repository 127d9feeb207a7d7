package io.weft.server.settings;

/// A wrong setting. The message is one sentence for the operator that says how to mend it.
public final class SettingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SettingException(String message) {
    super(message);
  }
}
