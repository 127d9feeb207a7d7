package io.weft.server.settings;

import io.weft.storage.object.url.ObjectStoreUrl;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// The two stores of a cluster, as a YAML (or JSON) file says them.
///
/// ```
/// tieredStorageConfig:
///   lowLatency:  { storageType: S3_Express,  bucket: fresh--use1-az4--x-s3, region: us-east-1 }
///   highLatency: { storageType: S3_Standard, bucket: records, prefix: weft }
/// ```
///
/// @param lowLatency the URL of the store that fresh data goes to
/// @param highLatency the URL of the store that merged data goes to
public record TieredStorage(String lowLatency, String highLatency) {
  private static final int FILE_BYTES_MAX = 1 << 20;
  private static final String ROOT = "tieredStorageConfig";
  private static final String LOW = "lowLatency";
  private static final String HIGH = "highLatency";
  private static final String TYPE = "storageType";
  private static final List<String> TYPES =
      List.of("S3_Express", "S3_Standard", "S3", "Folder", "Memory");

  /// @throws SettingException with a sentence that says how to mend it
  public static TieredStorage read(String file) {
    Map<String, Object> root = map(file, "", load(file), List.of(ROOT));
    Map<String, Object> tiers = map(file, ROOT, root.get(ROOT), List.of(LOW, HIGH));
    return new TieredStorage(url(file, LOW, tiers.get(LOW)), url(file, HIGH, tiers.get(HIGH)));
  }

  private static Object load(String file) {
    try {
      Path path = Path.of(file);
      if (Files.size(path) > FILE_BYTES_MAX) {
        throw flaw(file, "is longer than %d bytes; name another file".formatted(FILE_BYTES_MAX));
      }
      return new Load(LoadSettings.builder().build()).loadFromString(Files.readString(path));
    } catch (NoSuchFileException e) {
      throw flaw(file, "is not there; name another file");
    } catch (IOException | IllegalArgumentException e) {
      throw flaw(
          file,
          "cannot be read (%s); see to its permissions and that it is UTF-8"
              .formatted(e.getMessage()));
    } catch (YamlEngineException e) {
      throw flaw(
          file, "is not YAML: " + e.getMessage().lines().findFirst().orElse("nobody knows why"));
    }
  }

  /// @param known its names, each of which it must have
  private static Map<String, Object> map(
      String file, String where, Object node, List<String> known) {
    Map<String, Object> map = anyMap(file, where, node, known);
    for (String name : known) {
      if (map.get(name) == null) {
        throw flaw(file, "has no %s%s".formatted(name, where.isEmpty() ? "" : " in " + where));
      }
    }
    return map;
  }

  private static Map<String, Object> anyMap(
      String file, String where, Object node, List<String> known) {
    if (node instanceof List<?> && !where.isEmpty()) {
      throw flaw(file, "names several stores in %s, which can be one only so far".formatted(where));
    }
    if (!(node instanceof Map<?, ?> found)) {
      throw flaw(
          file,
          "must have a map of names to values%s".formatted(where.isEmpty() ? "" : " at " + where));
    }
    Map<String, Object> map = new TreeMap<>();
    for (Map.Entry<?, ?> entry : found.entrySet()) {
      String name = String.valueOf(entry.getKey());
      if (!known.contains(name)) {
        throw flaw(
            file,
            "has an unknown name %s%s%s"
                .formatted(
                    name, where.isEmpty() ? "" : " in " + where, Suggestion.of(name, known)));
      }
      map.put(name, entry.getValue());
    }
    return map;
  }

  private static String url(String file, String tier, Object node) {
    String type = "";
    if (node instanceof Map<?, ?> map && map.get(TYPE) != null) {
      type = String.valueOf(map.get(TYPE));
      if (!TYPES.contains(type)) {
        throw flaw(
            file,
            "has the %s %s in %s, which should be one of %s%s"
                .formatted(TYPE, type, tier, String.join(", ", TYPES), Suggestion.of(type, TYPES)));
      }
    } else if (node instanceof Map<?, ?>) {
      throw flaw(
          file,
          "has no %s in %s, which should be one of %s"
              .formatted(TYPE, tier, String.join(", ", TYPES)));
    }
    Form form = Form.of(type);
    List<String> known = new ArrayList<>(List.of(TYPE));
    known.addAll(form.names());
    List<String> options = ObjectStoreUrl.optionsOf(form.scheme());
    known.addAll(options);
    Map<String, Object> values = anyMap(file, tier, node, known);
    String text = form.address(file, tier, values) + query(file, tier, values, options);
    try {
      ObjectStoreUrl.parse(text);
    } catch (IllegalArgumentException e) {
      throw flaw(file, "says nothing that can be used in %s: %s".formatted(tier, e.getMessage()));
    }
    return text;
  }

  private static String query(
      String file, String tier, Map<String, Object> values, List<String> options) {
    StringBuilder query = new StringBuilder();
    for (String option : options) {
      if (values.get(option) != null) {
        query
            .append(query.isEmpty() ? '?' : '&')
            .append(option)
            .append('=')
            .append(URLEncoder.encode(text(file, tier, option, values), StandardCharsets.UTF_8));
      }
    }
    return query.toString();
  }

  private static String text(String file, String tier, String name, Map<String, Object> values) {
    Object value = values.get(name);
    if (value == null || value instanceof Map<?, ?> || value instanceof List<?>) {
      throw flaw(file, "must say %s in %s, as one value".formatted(name, tier));
    }
    String text = String.valueOf(value);
    if (text.isBlank() || text.contains("?")) {
      throw flaw(file, "has '%s' as %s in %s, which is no name".formatted(text, name, tier));
    }
    return text;
  }

  private static SettingException flaw(String file, String what) {
    return new SettingException(
        "tiered.storage is '%s', which %s (see docs/tiers.md).".formatted(file, what));
  }

  /// How a store of some type is said.
  private enum Form {
    S3("s3"),
    FOLDER("file"),
    MEMORY("mem");

    private final String scheme;

    Form(String scheme) {
      this.scheme = scheme;
    }

    static Form of(String type) {
      return switch (type) {
        case "Folder" -> FOLDER;
        case "Memory" -> MEMORY;
        default -> S3;
      };
    }

    String scheme() {
      return scheme;
    }

    List<String> names() {
      return switch (this) {
        case S3 -> List.of("bucket", "prefix");
        case FOLDER -> List.of("path");
        case MEMORY -> List.of("name");
      };
    }

    String address(String file, String tier, Map<String, Object> values) {
      String first = text(file, tier, names().getFirst(), values);
      return switch (this) {
        case S3 ->
            values.get("prefix") == null
                ? "s3://" + first
                : "s3://" + first + "/" + text(file, tier, "prefix", values);
        case FOLDER -> "file:" + first;
        case MEMORY -> "mem:" + first;
      };
    }
  }
}
