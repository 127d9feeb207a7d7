package io.weft.agent.network;

/// What a client said of itself in ApiVersions (KIP-511); empty until it has. Thread-safe.
public final class ClientSoftware {
  /// Nobody's name is longer.
  private static final int CHARS_MAX = 128;

  private record NameAndVersion(String name, String version) {}

  private volatile NameAndVersion said = new NameAndVersion("", "");

  public void say(String name, String version) {
    said = new NameAndVersion(shortened(name), shortened(version));
  }

  public String name() {
    return said.name;
  }

  public String version() {
    return said.version;
  }

  private static String shortened(String text) {
    return text.substring(0, Math.min(CHARS_MAX, text.length()));
  }
}
