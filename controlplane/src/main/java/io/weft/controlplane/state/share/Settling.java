package io.weft.controlplane.state.share;

import io.weft.controlplane.state.share.ShareChange.SettledRun;
import java.util.ArrayList;
import java.util.List;

/// Gathers what becomes of records, in offset order; neighbours alike are one run. Owned by one
/// thread.
final class Settling {
  private final int deliveriesMax;
  private final List<SettledRun> settled = new ArrayList<>();

  Settling(int deliveriesMax) {
    this.deliveriesMax = deliveriesMax;
  }

  void finish(long first, long last) {
    add(first, last, SettledRun.FINISHED);
  }

  /// To be delivered again, unless that was done often enough.
  void giveBack(long first, long last, int deliveries) {
    add(first, last, deliveries >= deliveriesMax ? SettledRun.FINISHED : deliveries);
  }

  List<SettledRun> settled() {
    return settled;
  }

  private void add(long first, long last, int deliveries) {
    if (!settled.isEmpty()) {
      SettledRun before = settled.getLast();
      if (before.lastOffset() + 1 == first && before.deliveries() == deliveries) {
        settled.set(settled.size() - 1, new SettledRun(before.firstOffset(), last, deliveries));
        return;
      }
    }
    settled.add(new SettledRun(first, last, deliveries));
  }
}
