package io.weft.controlplane.state.log;

import io.weft.controlplane.state.log.LogRecord.SumsStated;

/// This state's logs hold something else than those of the leader that wrote the record: one of the
/// two has lost, doubled or changed something.
public final class SumsDifferException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SumsDifferException(SumsStated here, SumsStated there) {
    super(
        "the logs differ from the leader's: here %s, there %s".formatted(text(here), text(there)));
  }

  private static String text(SumsStated sums) {
    return "%d extents (%d without a sum), live %016x, produced %016x, deleted %016x"
        .formatted(sums.extents(), sums.unsummed(), sums.live(), sums.produced(), sums.deleted());
  }
}
