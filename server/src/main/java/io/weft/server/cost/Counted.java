package io.weft.server.cost;

import io.weft.model.Invariant;
import io.weft.server.cost.Activity.Use;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What one process has counted up to now. Immutable.
///
/// @param inBytes committed, of producers
/// @param outBytes given to consumers
record Counted(double inBytes, double outBytes, SortedMap<Use, Usage> uses) {
  /// Attempts that stores answered with 5xx or not at all.
  private static final String FAILED = "unavailable";

  static Counted of(MetricsText process) {
    Map<Use, Usage> uses = new TreeMap<>();
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
    return new Counted(
        process.sum("weft_produce_bytes_total"),
        process.sum("weft_fetch_bytes_total"),
        Activity.used(uses));
  }

  /// What several processes did in a second between two looks at them. Each is compared with
  /// itself: in a sum, what others have done since would hide that one has begun to count anew.
  ///
  /// @param before of the same processes as `after`, in the same order
  /// @return empty if one of them has begun to count anew
  static Optional<Activity> between(
      List<Counted> before, List<Counted> after, double seconds, double storedBytes) {
    Invariant.check(
        before.size() == after.size(), "%d processes are not those of before", after.size());
    double in = 0;
    double out = 0;
    Map<Use, Usage> uses = new TreeMap<>();
    for (int i = 0; i < after.size(); i++) {
      Optional<Counted> since = after.get(i).since(before.get(i));
      if (since.isEmpty()) {
        return Optional.empty();
      }
      in += since.get().inBytes;
      out += since.get().outBytes;
      since.get().uses.forEach((use, usage) -> uses.merge(use, usage, Usage::plus));
    }
    SortedMap<Use, Usage> rates = new TreeMap<>();
    uses.forEach((use, usage) -> rates.put(use, usage.times(1 / seconds)));
    return Optional.of(new Activity(in / seconds, out / seconds, storedBytes, 0, rates));
  }

  private Optional<Counted> since(Counted before) {
    Map<Use, Usage> more = new TreeMap<>();
    uses.forEach(
        (use, now) -> more.put(use, now.plus(before.uses.getOrDefault(use, Usage.NONE).times(-1))));
    boolean anew =
        inBytes < before.inBytes
            || outBytes < before.outBytes
            || !uses.keySet().containsAll(before.uses.keySet())
            || more.values().stream().anyMatch(Usage::isNegative);
    return anew
        ? Optional.empty()
        : Optional.of(
            new Counted(inBytes - before.inBytes, outBytes - before.outBytes, Activity.used(more)));
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
