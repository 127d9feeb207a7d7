package io.weft.server.proxy;

/// How a [FaultyProxy] treats all that passes.
///
/// @param delayMs how much later everything arrives, each way
/// @param jitterMs up to this much more, another for each piece
/// @param bytesPerSecond each connection and way passes no more; 0: as many as come
/// @param cutChance of a piece to be passed in part only, with its connection reset there
/// @param flipChance of a large piece to have one bit changed, behind its first
///   [#HEADER_BYTES_MAX]: where a checksum of the two ends must find it
public record Weather(
    int delayMs, int jitterMs, int bytesPerSecond, double cutChance, double flipChance) {
  /// Headers of messages have no checksum; those of S3 are shorter than this.
  static final int HEADER_BYTES_MAX = 3_000;

  public static final Weather FAIR = new Weather(0, 0, 0, 0, 0);

  public static Weather delayed(int delayMs, int jitterMs) {
    return new Weather(delayMs, jitterMs, 0, 0, 0);
  }

  public static Weather flipping(double chance) {
    return new Weather(0, 0, 0, 0, chance);
  }

  public static Weather cutting(double chance) {
    return new Weather(0, 0, 0, chance, 0);
  }
}
