package io.weft.server.cost;

import io.weft.server.cost.Activity.Use;
import java.util.ArrayList;
import java.util.List;

/// What an activity costs, US dollars an hour: `(PUTs + GETs) × price per request + bytes × price
/// per GB + storage × price per GB`, and what crosses zones. Whether it was counted or predicted
/// makes no difference.
///
/// @param rows one for each store and purpose, in their order
/// @param storageUsd for the records; the journal is small beside them
/// @param zonesUsd for what crosses zones
/// @param perGibUsd of what producers send; 0 if they send nothing
record Bill(
    Activity activity, List<Row> rows, double storageUsd, double zonesUsd, double perGibUsd) {
  static final double SECONDS_PER_HOUR = 3_600;
  static final double HOURS_PER_MONTH = 24 * 30;

  private static final double GIB = 1L << 30;

  /// @param requestsUsd an hour, and so on
  record Row(Use use, Usage perSecond, double requestsUsd, double bytesUsd) {
    double usd() {
      return requestsUsd + bytesUsd;
    }
  }

  /// @param bucket prices of the store of the records, and of the network
  /// @param journal prices of the journal's store
  static Bill of(Activity activity, PriceTable bucket, PriceTable journal) {
    List<Row> rows = new ArrayList<>();
    activity
        .perSecond()
        .forEach(
            (use, usage) -> {
              PriceTable prices = use.store().equals(Activity.JOURNAL) ? journal : bucket;
              Usage anHour = usage.times(SECONDS_PER_HOUR);
              rows.add(new Row(use, usage, prices.requestsUsd(anHour), prices.bytesUsd(anHour)));
            });
    double storage = bucket.monthOfStorageUsd(activity.storedBytes()) / HOURS_PER_MONTH;
    double zones =
        activity.zoneBytes() / PriceTable.GB * bucket.network().zoneGb() * SECONDS_PER_HOUR;
    double total = rows.stream().mapToDouble(Row::usd).sum() + storage + zones;
    double gibs = activity.inBytes() * SECONDS_PER_HOUR / GIB;
    return new Bill(activity, List.copyOf(rows), storage, zones, gibs > 0 ? total / gibs : 0);
  }

  /// For requests and for bytes that go to stores or come from them.
  double storesUsd() {
    return rows.stream().mapToDouble(Row::usd).sum();
  }

  double totalUsd() {
    return storesUsd() + storageUsd + zonesUsd;
  }
}
