package io.weft.server.cost;

/// What a store and the network around it cost, in US dollars.
///
/// @param name for people
/// @param source where the prices are from, and when they were read
/// @param per1000 requests
/// @param gbUp per GB written, and so on; a GB is 10^9 bytes
/// @param gbMonth per GB kept for a month
/// @param billsFailures whether requests that the store fails at (5xx) are billed
/// @param network what the cloud around the store takes
record PriceTable(
    String name,
    String source,
    Requests per1000,
    double gbUp,
    double gbDown,
    double gbMonth,
    boolean billsFailures,
    Network network) {
  static final double GB = 1e9;

  /// @param zoneGb per GB that crosses from one zone to another, out and in together
  /// @param diskGbMonth per GB of block storage for a month: what Kafka keeps its logs on
  record Network(double zoneGb, double diskGbMonth) {}

  double requestsUsd(Usage usage) {
    Requests billed = billsFailures ? usage.answered().plus(usage.failed()) : usage.answered();
    return (billed.puts() * per1000.puts()
            + billed.lists() * per1000.lists()
            + billed.gets() * per1000.gets()
            + billed.deletes() * per1000.deletes())
        / 1_000;
  }

  double bytesUsd(Usage usage) {
    return (usage.bytesUp() * gbUp + usage.bytesDown() * gbDown) / GB;
  }

  double monthOfStorageUsd(double bytes) {
    return bytes / GB * gbMonth;
  }
}
