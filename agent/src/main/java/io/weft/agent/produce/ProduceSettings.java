package io.weft.agent.produce;

import io.weft.agent.files.FileSettings;

/// How the produce path trades latency for cost.
///
/// @param flushIntervalMs how long after the file before it a file closes
/// @param fileBytesMax the size at which it closes before that; one append may be larger
/// @param earlyFlushesPerSecond how many files a second may close before their time because nothing
///   else is on its way; each costs a PUT; what they leave, second PUTs may take; 0: none
/// @param uploadsMax files uploaded at once, at most
/// @param files how the files get their ids and their place
public record ProduceSettings(
    int flushIntervalMs,
    int fileBytesMax,
    int earlyFlushesPerSecond,
    int uploadsMax,
    FileSettings files) {
  public static final int FLUSH_INTERVAL_MS = 250;
  public static final int FILE_BYTES_MAX = 8 << 20;
  public static final int EARLY_FLUSHES_PER_SECOND = 0;
  public static final int UPLOADS_MAX = 16;

  public static final ProduceSettings DEFAULT =
      new ProduceSettings(
          FLUSH_INTERVAL_MS,
          FILE_BYTES_MAX,
          EARLY_FLUSHES_PER_SECOND,
          UPLOADS_MAX,
          FileSettings.DEFAULT);

  public ProduceSettings {
    if (flushIntervalMs < 0 || fileBytesMax <= 0 || earlyFlushesPerSecond < 0 || uploadsMax <= 0) {
      throw new IllegalArgumentException("impossible produce settings");
    }
  }
}
