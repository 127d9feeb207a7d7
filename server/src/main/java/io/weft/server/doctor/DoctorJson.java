package io.weft.server.doctor;

import io.weft.server.doctor.Findings.Count;
import io.weft.server.doctor.Findings.Example;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A report as one line of JSON. What stands here is never renamed or taken away; more may come.
///
/// ```
/// { "version": 1, "clean": bool, "faults": n, "cluster": text, "deep": bool,
///   "journal": { "entryBefore": n, "entryAfter": n },
///   "live": { "partitions": n, "extents": n, "files": n, "batchesVerified": n },
///   "kinds": [ { "kind": text, "fault": bool, "objects": n, "bytes": n, "usdPerMonth": x } … ],
///   "examples": [ { "kind": text, "key": text, "what": text } … ],
///   "repaired": { "objects": n, "bytes": n },
///   "waste": { "bytes": n, "usdPerMonth": x },
///   "price": { "store": text, "usdPerGbMonth": x, "source": text } }
/// ```
///
/// All kinds are there, those without objects too, in the order of [ObjectKind]. Stateless.
public final class DoctorJson {
  private static final int VERSION = 1;

  private DoctorJson() {}

  public static String of(DoctorReport report, StoragePrice price) {
    DoctorReport.Live live = report.live();
    return object(
        field("version", VERSION),
        "\"clean\":" + report.isClean(),
        field("faults", report.faults()),
        field("cluster", report.clusterId()),
        "\"deep\":" + report.deep(),
        "\"journal\":"
            + object(
                field("entryBefore", report.entryBefore()),
                field("entryAfter", report.entryAfter())),
        "\"live\":"
            + object(
                field("partitions", live.partitions()),
                field("extents", live.extents()),
                field("files", live.files()),
                field("batchesVerified", live.batchesVerified())),
        "\"kinds\":" + array(Stream.of(ObjectKind.values()).map(kind -> kind(kind, report, price))),
        "\"examples\":"
            + array(Stream.of(ObjectKind.values()).flatMap(kind -> examples(kind, report))),
        "\"repaired\":"
            + object(
                field("objects", report.repaired().objects()),
                field("bytes", report.repaired().bytes())),
        "\"waste\":"
            + object(
                field("bytes", report.wastedBytes()),
                field("usdPerMonth", price.usdPerMonth(report.wastedBytes()))),
        "\"price\":"
            + object(
                field("store", price.label()),
                field("usdPerGbMonth", price.usdPerGbMonth()),
                field("source", price.source())));
  }

  private static String kind(ObjectKind kind, DoctorReport report, StoragePrice price) {
    Count count = report.count(kind);
    return object(
        field("kind", kind.word()),
        "\"fault\":" + kind.isFault(),
        field("objects", count.objects()),
        field("bytes", count.bytes()),
        field("usdPerMonth", DoctorReport.usdPerMonth(kind, count, price)));
  }

  private static Stream<String> examples(ObjectKind kind, DoctorReport report) {
    List<Example> examples = report.count(kind).examples();
    return examples.stream()
        .map(
            each ->
                object(
                    field("kind", kind.word()),
                    field("key", each.key()),
                    field("what", each.what())));
  }

  private static String object(String... fields) {
    return "{" + String.join(",", fields) + "}";
  }

  private static String array(Stream<String> values) {
    return values.collect(Collectors.joining(",", "[", "]"));
  }

  private static String field(String name, long value) {
    return "\"%s\":%d".formatted(name, value);
  }

  private static String field(String name, double value) {
    return String.format(Locale.ROOT, "\"%s\":%.6f", name, value);
  }

  private static String field(String name, String value) {
    return "\"%s\":%s".formatted(name, quoted(value));
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
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
