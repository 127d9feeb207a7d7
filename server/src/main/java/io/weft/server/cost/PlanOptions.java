package io.weft.server.cost;

import io.weft.server.cost.Load.Tuning;
import io.weft.server.settings.SettingException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What `weft cost plan` may be told, as text. Immutable.
public final class PlanOptions {
  /// @param byDefault empty: it has to be given
  public record Option(String name, String byDefault, String meaning) {}

  private static final int COUNT_MAX = 10_000;

  /// All there are.
  public static final List<Option> ALL =
      List.of(
          new Option("--in", "", "What producers send, compressed, as 100MiB/s."),
          new Option("--readers", "1", "Groups of consumers that read everything."),
          new Option("--retention", "24h", "How long records are kept."),
          new Option("--zones", "3", "Zones, with agents and clients alike in each."),
          new Option("--agents", "0", "Agents in all; 0: one in each zone."),
          new Option(
              "--cross-zone",
              "0",
              "Per cent of what clients send and fetch that crosses zones; 0 where they name"
                  + " theirs."),
          new Option("--flush-interval", "250ms", "As agents' flush.interval.ms."),
          new Option("--flush-bytes", "8MiB", "As agents' flush.bytes."),
          new Option("--merged-bytes", "64MiB", "Of one merge of files; 0B: none are merged."),
          new Option("--journal-put", "60ms", "How long the store takes for the journal's PUT."),
          new Option("--control-planes", "2", "Processes of the control plane."));

  private final Map<String, String> texts;

  /// @param texts what was given, by the option's name
  public PlanOptions(Map<String, String> texts) {
    this.texts = new TreeMap<>(texts);
    for (Option option : ALL) {
      if (option.byDefault().isEmpty() && !texts.containsKey(option.name())) {
        throw new SettingException(
            "%s is not given: %s".formatted(option.name(), option.meaning()));
      }
      this.texts.putIfAbsent(option.name(), option.byDefault());
    }
  }

  Load load() {
    int zones = Quantity.whole("--zones", texts.get("--zones"), 1, COUNT_MAX);
    int agents = Quantity.whole("--agents", texts.get("--agents"), 0, COUNT_MAX);
    if (agents > 0 && agents < zones) {
      throw new SettingException(
          "--agents is '%s'; with %d zones it must be %d at least, or 0 for one in each."
              .formatted(texts.get("--agents"), zones, zones));
    }
    return new Load(
        Quantity.bytesPerSecond("--in", texts.get("--in")),
        Quantity.number("--readers", texts.get("--readers"), 0, COUNT_MAX),
        Quantity.seconds("--retention", texts.get("--retention")),
        zones,
        agents == 0 ? zones : agents,
        Quantity.number("--cross-zone", texts.get("--cross-zone"), 0, 100) / 100,
        new Tuning(
            milliseconds("--flush-interval"),
            atLeastOneByte("--flush-bytes"),
            Tuning.STANDARD.chunkBytes(),
            (long) Quantity.bytes("--merged-bytes", texts.get("--merged-bytes")),
            milliseconds("--journal-put"),
            Quantity.whole("--control-planes", texts.get("--control-planes"), 1, COUNT_MAX)));
  }

  private long milliseconds(String option) {
    return atLeastOne(option, Quantity.seconds(option, texts.get(option)) * 1_000, "1ms");
  }

  private long atLeastOneByte(String option) {
    return atLeastOne(option, Quantity.bytes(option, texts.get(option)), "1B");
  }

  private long atLeastOne(String option, double value, String least) {
    long whole = Math.round(value);
    if (whole < 1) {
      throw new SettingException(
          "%s is '%s'; it must be %s at least.".formatted(option, texts.get(option), least));
    }
    return whole;
  }
}
