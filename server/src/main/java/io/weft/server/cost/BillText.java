package io.weft.server.cost;

import com.google.errorprone.annotations.FormatMethod;
import io.weft.server.cost.StoredTopics.TopicBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A bill for people. Stateless.
final class BillText {
  private static final double MIB = 1L << 20;
  private static final double GIB = 1L << 30;

  private BillText() {}

  static List<String> lines(
      Bill bill, KafkaBill kafka, List<TopicBytes> topics, List<String> notes) {
    Activity activity = bill.activity();
    List<String> lines = new ArrayList<>();
    lines.add(
        text(
            "%.1f MiB/s in, %.1f MiB/s out, %.1f GiB stored",
            activity.inBytes() / MIB, activity.outBytes() / MIB, activity.storedBytes() / GIB));
    lines.add("");
    lines.add(
        text(
            "%-8s %-11s %9s %9s %9s %9s %11s %11s",
            "store", "purpose", "PUT/s", "LIST/s", "GET/s", "MiB/s", "USD/hour", "USD/month"));
    for (Bill.Row row : bill.rows()) {
      Requests all = row.perSecond().answered().plus(row.perSecond().failed());
      lines.add(
          text(
              "%-8s %-11s %9.2f %9.2f %9.2f %9.1f %11.4f %11.2f",
              row.use().store(),
              row.use().purpose(),
              all.puts(),
              all.lists(),
              all.gets(),
              (row.perSecond().bytesUp() + row.perSecond().bytesDown()) / MIB,
              row.usd(),
              month(row.usd())));
    }
    lines.add(sum("storage", bill.storageUsd()));
    lines.add(sum("between zones", bill.zonesUsd()));
    lines.add(sum("total", bill.totalUsd()));
    lines.add("");
    lines.add(text("per GiB written: %.5f USD", bill.perGibUsd()));
    lines.add(
        text(
            "Kafka in three zones: %.2f USD/month (between zones %.2f, disks %.2f)",
            month(kafka.totalUsd()), month(kafka.networkUsd()), month(kafka.disksUsd())));
    if (kafka.totalUsd() > 0) {
      lines.add(text("of that this is %.1f %%", 100 * bill.totalUsd() / kafka.totalUsd()));
    }
    topics(bill, topics, lines);
    lines.addAll(notes);
    return lines;
  }

  private static void topics(Bill bill, List<TopicBytes> topics, List<String> lines) {
    if (topics.isEmpty()) {
      return;
    }
    lines.add("");
    lines.add(text("%-40s %12s %12s %11s", "topic", "GiB stored", "MiB/s in", "USD/month"));
    for (TopicBytes topic : topics) {
      lines.add(
          text(
              "%-40s %12.3f %12.3f %11.2f",
              topic.name(),
              topic.storedBytes() / GIB,
              topic.inBytes() / MIB,
              month(usd(bill, topics, topic))));
    }
  }

  /// A topic's part: of storage by what is stored of it, of all else by what is written to it.
  static double usd(Bill bill, List<TopicBytes> topics, TopicBytes topic) {
    double stored = topics.stream().mapToDouble(TopicBytes::storedBytes).sum();
    double in = topics.stream().mapToDouble(TopicBytes::inBytes).sum();
    return (stored > 0 ? bill.storageUsd() * topic.storedBytes() / stored : 0)
        + (in > 0 ? (bill.storesUsd() + bill.zonesUsd()) * topic.inBytes() / in : 0);
  }

  private static String sum(String what, double usd) {
    return text("%-60s %11.4f %11.2f", what, usd, month(usd));
  }

  private static double month(double hourUsd) {
    return hourUsd * Bill.HOURS_PER_MONTH;
  }

  @FormatMethod
  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
