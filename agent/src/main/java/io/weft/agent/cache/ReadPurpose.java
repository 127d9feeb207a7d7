package io.weft.agent.cache;

import io.weft.storage.object.StorePurpose;

/// What bytes are read for: it decides whether they are kept for other readers.
public enum ReadPurpose {
  /// For a reader at the end of a log or near it. Others will ask for the same bytes soon.
  TAIL,

  /// For a reader far behind the end of a log. It uses what is there, and what it brings does not
  /// take the place of what readers near the end use.
  CATCH_UP,

  /// Before a reader that is far behind asks for it. Kept as for [#CATCH_UP].
  READ_AHEAD,

  /// For a search by time. Kept as for [#CATCH_UP].
  SEARCH,

  /// For work on stored files: a merge of some. Kept as for [#CATCH_UP].
  JOB;

  /// Whether what was brought is kept among what the readers near the end of logs use.
  public boolean inserts() {
    return switch (this) {
      case TAIL -> true;
      case CATCH_UP, READ_AHEAD, SEARCH, JOB -> false;
    };
  }

  /// What a request to the store counts for.
  StorePurpose storePurpose() {
    return switch (this) {
      case TAIL -> StorePurpose.LIVE_READ;
      case CATCH_UP, READ_AHEAD, SEARCH -> StorePurpose.HISTORY;
      case JOB -> StorePurpose.COMPACTION;
    };
  }
}
