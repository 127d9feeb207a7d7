package io.weft.server.cost;

import io.weft.server.settings.SettingException;
import io.weft.server.settings.Suggestion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Price tables as YAML: a flat map in which each key is there once and none is left out, so that a
/// bill is never made of a price nobody has stated. Docs: docs/cost.md.
final class PriceFile {
  /// The tables that Weft brings with it.
  static final List<String> BUILT_IN =
      List.of("s3-standard", "s3-express", "gcs", "r2", "tigris", "azure");

  private static final int BYTES_MAX = 64 << 10;
  private static final double USD_MAX = 1e6;

  private static final List<String> KEYS =
      List.of(
          "name",
          "source",
          "put-per-1000",
          "list-per-1000",
          "get-per-1000",
          "delete-per-1000",
          "upload-per-gb",
          "retrieval-per-gb",
          "storage-per-gb-month",
          "bills-failures",
          "cross-zone-per-gb",
          "block-storage-per-gb-month");

  private final String where;
  private final Map<String, Object> values;

  private PriceFile(String where, Map<String, Object> values) {
    this.where = where;
    this.values = values;
  }

  /// @param named a built-in table's name, or the path of a file
  /// @throws SettingException with a sentence that says what to mend
  static PriceTable read(String named) {
    return BUILT_IN.contains(named) ? parse(named, resource(named)) : parse(named, file(named));
  }

  private static String resource(String name) {
    try (InputStream in = PriceFile.class.getResourceAsStream("%s.yaml".formatted(name))) {
      return new String(
          Optional.ofNullable(in)
              .orElseThrow(() -> new IllegalStateException("no table " + name))
              .readAllBytes(),
          StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String file(String named) {
    Path path = Path.of(named);
    try {
      if (!Files.readAttributes(path, BasicFileAttributes.class).isRegularFile()) {
        throw new SettingException("The price table %s is no regular file.".formatted(named));
      }
      byte[] bytes;
      try (InputStream in = Files.newInputStream(path)) {
        bytes = in.readNBytes(BYTES_MAX + 1);
      }
      if (bytes.length > BYTES_MAX) {
        throw new SettingException(
            "The price table %s is longer than %d bytes.".formatted(named, BYTES_MAX));
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException e) {
      throw new SettingException(
          "There is no price table '%s': name a file, or one of %s."
              .formatted(named, String.join(", ", BUILT_IN)));
    } catch (IOException e) {
      throw new SettingException(
          "The price table %s cannot be read (%s).".formatted(named, e.getMessage()));
    }
  }

  static PriceTable parse(String where, String text) {
    Object root;
    try {
      root =
          new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build())
              .loadFromString(text);
    } catch (YamlEngineException e) {
      throw new SettingException(
          "The price table %s is not YAML: %s."
              .formatted(where, e.getMessage().lines().findFirst().orElse("")));
    }
    if (!(root instanceof Map<?, ?> map)) {
      throw new SettingException(
          "The price table %s must be a map of names to prices.".formatted(where));
    }
    Map<String, Object> values = new TreeMap<>();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      String key = String.valueOf(entry.getKey());
      if (!KEYS.contains(key)) {
        throw new SettingException(
            "The price table %s has '%s', which is no price%s."
                .formatted(
                    where,
                    key,
                    Suggestion.nearest(key, "", KEYS)
                        .map(near -> "; did you mean %s?".formatted(near))
                        .map(clause -> clause.substring(0, clause.length() - 1))
                        .orElse("")));
      }
      values.put(key, entry.getValue() == null ? "" : entry.getValue());
    }
    return new PriceFile(where, values).table();
  }

  private PriceTable table() {
    return new PriceTable(
        text("name"),
        text("source"),
        new Requests(
            usd("put-per-1000"), usd("list-per-1000"), usd("get-per-1000"), usd("delete-per-1000")),
        usd("upload-per-gb"),
        usd("retrieval-per-gb"),
        usd("storage-per-gb-month"),
        bool("bills-failures"),
        new PriceTable.Network(usd("cross-zone-per-gb"), usd("block-storage-per-gb-month")));
  }

  private Object value(String key) {
    return Optional.ofNullable(values.get(key))
        .orElseThrow(
            () ->
                new SettingException(
                    "The price table %s lacks %s; 0 says that it is free.".formatted(where, key)));
  }

  private String text(String key) {
    String text = String.valueOf(value(key)).strip();
    if (text.isEmpty()) {
      throw new SettingException("The price table %s has an empty %s.".formatted(where, key));
    }
    return text;
  }

  private double usd(String key) {
    Object value = value(key);
    if (value instanceof Number number) {
      double usd =
          new BigDecimal(number.toString().matches("-?[0-9].*") ? number.toString() : "-1")
              .doubleValue();
      if (usd >= 0 && usd <= USD_MAX) {
        return usd;
      }
    }
    throw new SettingException(
        "The price table %s has %s: '%s'; it must be US dollars, from 0 to %.0f."
            .formatted(where, key, value, USD_MAX));
  }

  private boolean bool(String key) {
    if (value(key) instanceof Boolean bool) {
      return bool;
    }
    throw new SettingException(
        "The price table %s has %s: '%s'; it must be true or false."
            .formatted(where, key, value(key)));
  }
}
