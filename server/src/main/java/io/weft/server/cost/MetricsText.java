package io.weft.server.cost;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One answer of `/metrics`, in Prometheus' text form, as far as a bill needs it: lines that are
/// not a name, labels and a number are passed over. Immutable.
final class MetricsText {
  private static final Pattern LINE =
      Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{([^}]*)})? ([0-9.eE+-]+)(?: [0-9]+)?");
  private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]+)=\"([^\"]*)\"");

  /// @param labels by their names
  record Sample(String name, Map<String, String> labels, double value) {}

  private final List<Sample> samples;

  private MetricsText(List<Sample> samples) {
    this.samples = samples;
  }

  static MetricsText of(String text) {
    List<Sample> samples = new ArrayList<>();
    text.lines()
        .filter(line -> line.startsWith("weft_"))
        .map(LINE::matcher)
        .filter(Matcher::matches)
        .forEach(
            line -> {
              try {
                double value = Double.parseDouble(line.group(3));
                if (Double.isFinite(value)) {
                  samples.add(new Sample(line.group(1), labels(line.group(2)), value));
                }
              } catch (NumberFormatException e) {
                // Not a number, so not a line of ours.
              }
            });
    return new MetricsText(List.copyOf(samples));
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new TreeMap<>();
    if (text != null) {
      Matcher each = LABEL.matcher(text);
      while (each.find()) {
        labels.put(each.group(1), each.group(2));
      }
    }
    return labels;
  }

  List<Sample> samples(String name) {
    return samples.stream().filter(each -> each.name().equals(name)).toList();
  }

  double sum(String name) {
    return samples(name).stream().mapToDouble(Sample::value).sum();
  }
}
