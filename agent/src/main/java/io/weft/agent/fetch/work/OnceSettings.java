package io.weft.agent.fetch.work;

/// @param bytesMax what was made and stays for a moment has no more bytes than this, all together
/// @param keptMsMax and is given to nobody after this time
public record OnceSettings(long bytesMax, long keptMsMax) {
  public OnceSettings {
    if (bytesMax < 0 || keptMsMax < 0) {
      throw new IllegalArgumentException("a limit of what is kept is negative");
    }
  }
}
