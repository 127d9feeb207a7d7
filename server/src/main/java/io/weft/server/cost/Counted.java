package io.weft.server.cost;

import io.weft.server.cost.Activity.Use;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What processes have counted up to now, added up. Immutable.
///
/// @param inBytes committed, of producers
/// @param outBytes given to consumers
record Counted(double inBytes, double outBytes, SortedMap<Use, Usage> uses) {
  /// Attempts that stores answered with 5xx or not at all.
  private static final String FAILED = "unavailable";

  static Counted of(List<MetricsText> processes) {
    Map<Use, Usage> uses = new TreeMap<>();
    double in = 0;
    double out = 0;
    for (MetricsText process : processes) {
      in += process.sum("weft_produce_bytes_total");
      out += process.sum("weft_fetch_bytes_total");
      for (MetricsText.Sample each : process.samples("weft_store_requests_total")) {
        Requests requests = requests(each);
        boolean failed = FAILED.equals(each.labels().get("outcome"));
        uses.merge(
            useOf(each),
            new Usage(failed ? Requests.NONE : requests, failed ? requests : Requests.NONE, 0, 0),
            Usage::plus);
      }
      for (MetricsText.Sample each : process.samples("weft_store_bytes_total")) {
        boolean up = operationOf(each).startsWith("put");
        uses.merge(
            useOf(each),
            new Usage(Requests.NONE, Requests.NONE, up ? each.value() : 0, up ? 0 : each.value()),
            Usage::plus);
      }
    }
    return new Counted(in, out, Activity.used(uses));
  }

  /// What was done in a second since then.
  ///
  /// @param before of the same processes
  /// @return empty if one of them has begun to count anew
  Optional<Activity> since(Counted before, double seconds, double storedBytes) {
    Map<Use, Usage> rates = new TreeMap<>();
    uses.forEach(
        (use, now) ->
            rates.put(
                use,
                now.plus(before.uses.getOrDefault(use, Usage.NONE).times(-1)).times(1 / seconds)));
    boolean anew =
        inBytes < before.inBytes
            || outBytes < before.outBytes
            || !uses.keySet().containsAll(before.uses.keySet())
            || rates.values().stream().anyMatch(Usage::isNegative);
    return anew
        ? Optional.empty()
        : Optional.of(
            new Activity(
                (inBytes - before.inBytes) / seconds,
                (outBytes - before.outBytes) / seconds,
                storedBytes,
                0,
                Activity.used(rates)));
  }

  private static Use useOf(MetricsText.Sample sample) {
    return new Use(
        sample.labels().getOrDefault("store", "?"), sample.labels().getOrDefault("purpose", "?"));
  }

  private static String operationOf(MetricsText.Sample sample) {
    return sample.labels().getOrDefault("operation", "");
  }

  private static Requests requests(MetricsText.Sample sample) {
    double count = sample.value();
    return switch (operationOf(sample)) {
      case "put", "put_if_absent" -> new Requests(count, 0, 0, 0);
      case "list" -> new Requests(0, count, 0, 0);
      case "delete" -> new Requests(0, 0, 0, count);
      default -> new Requests(0, 0, count, 0);
    };
  }
}
