package io.weft.server.cost;

/// What the same load costs on Kafka in three zones, for its disks and what crosses zones: machines
/// are left out, here as in [Bill]. US dollars an hour.
///
/// Each byte is copied to two more zones; a client's partition is led in another zone two times of
/// three; three disks keep each byte, and a third of their room is spare.
///
/// @param replicationUsd what replicas cost that cross zones
/// @param producersUsd what producers send to other zones
/// @param consumersUsd what consumers fetch from other zones; nothing with follower fetching
record KafkaBill(double replicationUsd, double producersUsd, double consumersUsd, double disksUsd) {
  private static final double REPLICAS = 3;
  private static final double OTHER_ZONES_SHARE = 2.0 / 3;
  private static final double ROOM_PER_BYTE = 1.5;

  /// @param followerFetching whether consumers read from the replica of their zone
  static KafkaBill of(Activity activity, PriceTable prices, boolean followerFetching) {
    double perByteAndHour = prices.network().zoneGb() / PriceTable.GB * Bill.SECONDS_PER_HOUR;
    return new KafkaBill(
        activity.inBytes() * (REPLICAS - 1) * perByteAndHour,
        activity.inBytes() * OTHER_ZONES_SHARE * perByteAndHour,
        followerFetching ? 0 : activity.outBytes() * OTHER_ZONES_SHARE * perByteAndHour,
        activity.storedBytes()
            * REPLICAS
            * ROOM_PER_BYTE
            / PriceTable.GB
            * prices.network().diskGbMonth()
            / Bill.HOURS_PER_MONTH);
  }

  double networkUsd() {
    return replicationUsd + producersUsd + consumersUsd;
  }

  double totalUsd() {
    return networkUsd() + disksUsd;
  }
}
