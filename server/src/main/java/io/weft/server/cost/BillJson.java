package io.weft.server.cost;

import io.weft.server.cost.StoredTopics.TopicBytes;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A bill as one line of JSON. What stands here is never renamed or taken away; more may come.
/// Rates are per second, dollars per hour.
///
/// ```
/// { "version": 1, "inBytes": x, "outBytes": x, "storedBytes": x, "zoneBytes": x,
///   "rows": [ { "store": text, "purpose": text, "puts": x, "lists": x, "gets": x, "deletes": x,
///               "failed": x, "bytesUp": x, "bytesDown": x, "usd": x } … ],
///   "storageUsd": x, "zonesUsd": x, "totalUsd": x, "monthUsd": x, "perGibUsd": x,
///   "kafka": { "replicationUsd": x, "producersUsd": x, "consumersUsd": x, "disksUsd": x,
///              "totalUsd": x },
///   "topics": [ { "name": text, "storedBytes": x, "inBytes": x, "usd": x } … ],
///   "prices": { "bucket": text, "journal": text } }
/// ```
///
/// Requests are those that were answered; `failed` are all others. Stateless.
final class BillJson {
  private static final int VERSION = 1;

  private BillJson() {}

  static String of(
      Bill bill, KafkaBill kafka, List<TopicBytes> topics, PriceTable bucket, PriceTable journal) {
    Activity activity = bill.activity();
    return object(
        "\"version\":" + VERSION,
        field("inBytes", activity.inBytes()),
        field("outBytes", activity.outBytes()),
        field("storedBytes", activity.storedBytes()),
        field("zoneBytes", activity.zoneBytes()),
        "\"rows\":" + array(bill.rows().stream().map(BillJson::row)),
        field("storageUsd", bill.storageUsd()),
        field("zonesUsd", bill.zonesUsd()),
        field("totalUsd", bill.totalUsd()),
        field("monthUsd", bill.totalUsd() * Bill.HOURS_PER_MONTH),
        field("perGibUsd", bill.perGibUsd()),
        "\"kafka\":"
            + object(
                field("replicationUsd", kafka.replicationUsd()),
                field("producersUsd", kafka.producersUsd()),
                field("consumersUsd", kafka.consumersUsd()),
                field("disksUsd", kafka.disksUsd()),
                field("totalUsd", kafka.totalUsd())),
        "\"topics\":"
            + array(
                topics.stream()
                    .map(
                        topic ->
                            object(
                                field("name", topic.name()),
                                field("storedBytes", topic.storedBytes()),
                                field("inBytes", topic.inBytes()),
                                field("usd", BillText.usd(bill, topics, topic))))),
        "\"prices\":" + object(field("bucket", bucket.name()), field("journal", journal.name())));
  }

  private static String row(Bill.Row row) {
    Requests answered = row.perSecond().answered();
    Requests failed = row.perSecond().failed();
    return object(
        field("store", row.use().store()),
        field("purpose", row.use().purpose()),
        field("puts", answered.puts()),
        field("lists", answered.lists()),
        field("gets", answered.gets()),
        field("deletes", answered.deletes()),
        field("failed", failed.puts() + failed.lists() + failed.gets() + failed.deletes()),
        field("bytesUp", row.perSecond().bytesUp()),
        field("bytesDown", row.perSecond().bytesDown()),
        field("usd", row.usd()));
  }

  private static String object(String... fields) {
    return "{" + String.join(",", fields) + "}";
  }

  private static String array(Stream<String> values) {
    return values.collect(Collectors.joining(",", "[", "]"));
  }

  private static String field(String name, double value) {
    return String.format(Locale.ROOT, "\"%s\":%.9f", name, value);
  }

  private static String field(String name, String value) {
    StringBuilder out = new StringBuilder("\"%s\":\"".formatted(name));
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
