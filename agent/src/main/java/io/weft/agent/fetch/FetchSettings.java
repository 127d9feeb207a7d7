package io.weft.agent.fetch;

import io.weft.agent.fetch.work.OnceSettings;

/// @param bytesMax records in one answer, at most (the first batch may be larger)
/// @param waitMsMax how long a fetch waits for more, at most, whatever it asks for
/// @param filesPerAnswerMax files one answer brings from the store, at most: a file is loaded in
///   whole chunks, however little of it is wanted
/// @param loadsPerAnswerMax of these at once
/// @param bookmarksMax places inside extents that are remembered
public record FetchSettings(
    int bytesMax, long waitMsMax, int filesPerAnswerMax, int loadsPerAnswerMax, int bookmarksMax) {
  /// A reader with more than this before it, up to the end of the log, is far behind: what is
  /// brought for it is not kept for others.
  public static final long RECENT_BYTES_MAX = 32L << 20;

  /// What one fetch has read near the end of a log is given to others that ask for the same so soon
  /// after it: all that were woken by the same commit.
  public static final long SHARED_MS_MAX = 500;

  /// Such readings have no more bytes than this, all together, nor than one answer may have.
  public static final long SHARED_BYTES_MAX = 16L << 20;

  public static final FetchSettings STANDARD =
      new FetchSettings(55 * 1024 * 1024, 300_000, 16, 8, 20_000);

  public FetchSettings {
    if (bytesMax < 1
        || waitMsMax < 0
        || filesPerAnswerMax < 1
        || loadsPerAnswerMax < 1
        || bookmarksMax < 0) {
      throw new IllegalArgumentException("a fetch setting is too small");
    }
  }

  OnceSettings shared() {
    return new OnceSettings(Math.min(SHARED_BYTES_MAX, bytesMax), SHARED_MS_MAX);
  }
}
