package io.weft.server.cost;

import io.weft.environment.Environment;
import io.weft.rpc.HostPort;
import io.weft.server.cost.StoredTopics.TopicBytes;
import io.weft.server.settings.SettingException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/// Prints bills: of what is counted, and of what is predicted. Used by one thread.
public final class CostReport {
  private final PriceTable bucket;
  private final PriceTable journal;
  private final boolean followerFetching;
  private final boolean json;
  private final PrintWriter out;

  /// @param bucketPrices a built-in table's name or a file, and so on
  /// @param followerFetching whether Kafka's consumers, for comparison, read in their zone
  /// @param json one line of JSON in the place of a table
  /// @throws SettingException if a table is not as it has to be
  public CostReport(
      String bucketPrices,
      String journalPrices,
      boolean followerFetching,
      boolean json,
      PrintWriter out) {
    this.bucket = PriceFile.read(bucketPrices);
    this.journal = PriceFile.read(journalPrices);
    this.followerFetching = followerFetching;
    this.json = json;
    this.out = out;
  }

  /// @param option where it was given, for the message
  public static double bytes(String option, String text) {
    return Quantity.bytes(option, text);
  }

  /// As [#bytes], of a time: a second at least.
  public static double seconds(String option, String text) {
    double seconds = Quantity.seconds(option, text);
    if (seconds < 1) {
      throw new SettingException("%s is '%s'; it must be 1s at least.".formatted(option, text));
    }
    return seconds;
  }

  /// Of a running cluster.
  ///
  /// @param processes where they show their metrics
  /// @param controlPlanes empty: not asked
  /// @param storedBytes what is stored, if the control plane is not asked
  public void live(
      List<HostPort> processes,
      List<HostPort> controlPlanes,
      double storedBytes,
      double seconds,
      Environment environment)
      throws InterruptedException {
    LiveCost.Look look =
        new LiveCost(processes, controlPlanes, storedBytes).look(seconds, environment);
    List<String> notes = new ArrayList<>();
    if (look.activity().storedBytes() == 0) {
      notes.add(
          "Nothing is stored, or it is not known how much: --control-plane or --stored says it.");
    }
    notes.add("What crosses zones is not counted: 0 where clients name their zone.");
    print(look.activity(), look.topics(), notes);
  }

  /// Of a load that may never have been.
  public void plan(PlanOptions options) {
    print(Forecast.of(options.load()), List.of(), List.of());
  }

  private void print(Activity activity, List<TopicBytes> topics, List<String> notes) {
    Bill bill = Bill.of(activity, bucket, journal);
    KafkaBill kafka = KafkaBill.of(activity, bucket, followerFetching);
    if (json) {
      out.println(BillJson.of(bill, kafka, topics, bucket, journal));
      return;
    }
    out.println(
        "Prices: %s (%s)%s"
            .formatted(
                bucket.name(),
                bucket.source(),
                journal.equals(bucket)
                    ? ""
                    : "; of the journal: %s (%s)".formatted(journal.name(), journal.source())));
    BillText.lines(bill, kafka, topics, notes).forEach(out::println);
  }
}
