package io.weft.storage.object.url;

import io.weft.environment.Environment;
import io.weft.storage.object.LatencyObjectStore;
import io.weft.storage.object.LatencyProfile;
import io.weft.storage.object.MemoryObjectStore;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.local.LocalObjectStore;
import io.weft.storage.object.s3.S3ObjectStore;
import io.weft.storage.object.s3.S3Settings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where a store is, as text. Immutable.
///
/// ```
/// url      := place [ "?" option { "&" option } ]
/// place    := "mem:" [ name ]                one store per name and process
///           | "file:" path                   absolute, or relative to the working folder
///           | "s3://" bucket [ "/" prefix ]
/// option   := "latency=" ( "s3-standard" | "s3-express" | "brown-out" )
///           | file only: "sync=" ( "true" | "false" )         false: not safe from a crash of the machine
///           | s3 only: "region=" … | "endpoint=" … | "pathStyle=" ( "true" | "false" )
///           | s3 only: ( "connectTimeoutMs" | "silenceTimeoutMs" | "attemptTimeoutMs"
///                      | "connectionsMax" ) "=" number
/// ```
public final class ObjectStoreUrl {
  private static final Logger LOG = LoggerFactory.getLogger(ObjectStoreUrl.class);

  private static final List<String> OPTIONS = List.of("latency");
  private static final List<String> FILE_OPTIONS = List.of("latency", "sync");
  private static final List<String> S3_OPTIONS =
      List.of(
          "latency",
          "region",
          "endpoint",
          "pathStyle",
          "connectTimeoutMs",
          "silenceTimeoutMs",
          "attemptTimeoutMs",
          "connectionsMax");

  /// As many as there are names in a process's settings.
  private static final Map<String, MemoryObjectStore> MEMORIES = new ConcurrentHashMap<>();

  private final String text;
  private final Place place;
  private final UrlOptions options;

  private sealed interface Place {
    record Memory(String name) implements Place {}

    record Folder(Path path, boolean synced) implements Place {}

    record Bucket(S3Settings settings) implements Place {}
  }

  private ObjectStoreUrl(String text, Place place, UrlOptions options) {
    this.text = text;
    this.place = place;
    this.options = options;
  }

  /// @throws IllegalArgumentException if it is not a store's URL, with one sentence that says how
  ///   to mend it
  public static ObjectStoreUrl parse(String text) {
    int mark = text.indexOf('?');
    String address = mark < 0 ? text : text.substring(0, mark);
    String query = mark < 0 ? "" : text.substring(mark + 1);
    int colon = address.indexOf(':');
    String scheme = colon < 0 ? "" : address.substring(0, colon);
    String rest = address.substring(colon + 1);
    UrlOptions options = UrlOptions.parse(text, query, optionsOf(scheme));
    options.one("latency", LatencyProfile.NAMES);
    Place place =
        switch (scheme) {
          case "mem" -> memory(text, rest);
          case "file" -> folder(text, rest, options);
          case "s3" -> bucket(text, rest, options);
          default ->
              throw new IllegalArgumentException(
                  "store '%s' should begin with mem:, file: or s3:// (a folder is file:/path)"
                      .formatted(text));
        };
    return new ObjectStoreUrl(text, place, options);
  }

  /// Opens the store; the caller closes it. Nothing is retried or measured.
  public ObjectStore open(Environment environment) {
    ObjectStore store =
        switch (place) {
          case Place.Memory(String name) ->
              MEMORIES.computeIfAbsent(name, _ -> new MemoryObjectStore());
          case Place.Folder(Path path, boolean synced) -> folder(path, synced);
          case Place.Bucket(S3Settings settings) -> new S3ObjectStore(settings);
        };
    return LatencyProfile.named(options.text("latency"))
        .<ObjectStore>map(profile -> new LatencyObjectStore(store, profile, environment))
        .orElse(store);
  }

  /// As [#parse] and [#open(Environment)].
  public static ObjectStore open(String text, Environment environment) {
    return parse(text).open(environment);
  }

  @Override
  public String toString() {
    return text;
  }

  private static ObjectStore folder(Path path, boolean synced) {
    if (!synced) {
      LOG.warn("{} is not synced: a crash of the machine may lose acknowledged records", path);
    }
    return new LocalObjectStore(path, synced);
  }

  private static Place memory(String text, String name) {
    if (name.contains("/")) {
      throw new IllegalArgumentException(
          "store '%s' should be mem: or mem:name, without a path".formatted(text));
    }
    return new Place.Memory(name);
  }

  /// The names of the options that a store of this scheme (`mem`, `file` or `s3`) takes.
  public static List<String> optionsOf(String scheme) {
    return switch (scheme) {
      case "s3" -> S3_OPTIONS;
      case "file" -> FILE_OPTIONS;
      default -> OPTIONS;
    };
  }

  private static Place folder(String text, String path, UrlOptions options) {
    boolean synced = !options.one("sync", List.of("true", "false")).equals("false");
    String local = path.startsWith("///") ? path.substring(2) : path;
    if (local.isEmpty() || local.startsWith("//")) {
      throw new IllegalArgumentException(
          "store '%s' should name a folder: file:/absolute/path or file:relative/path"
              .formatted(text));
    }
    try {
      return new Place.Folder(Path.of(local), synced);
    } catch (InvalidPathException invalid) {
      throw new IllegalArgumentException(
          "store '%s' should name a folder as this system writes it".formatted(text), invalid);
    }
  }

  private static Place bucket(String text, String rest, UrlOptions options) {
    String path = rest.startsWith("//") ? rest.substring(2) : "";
    int slash = path.indexOf('/');
    String bucket = slash < 0 ? path : path.substring(0, slash);
    String prefix = slash < 0 ? "" : path.substring(slash + 1);
    if (!bucket.matches("[A-Za-z0-9._-]+")) {
      throw new IllegalArgumentException(
          "store '%s' should name a bucket: s3://bucket or s3://bucket/prefix".formatted(text));
    }
    S3Settings.Limits usual = S3Settings.Limits.DEFAULT;
    S3Settings.Limits limits =
        new S3Settings.Limits(
            options.number("connectTimeoutMs", usual.connectTimeoutMs()),
            options.number("silenceTimeoutMs", usual.silenceTimeoutMs()),
            options.number("attemptTimeoutMs", usual.attemptTimeoutMs()),
            options.number("connectionsMax", usual.connectionsMax()));
    try {
      return new Place.Bucket(
          new S3Settings(
              bucket,
              prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix,
              options.text("region"),
              options.text("endpoint"),
              options.one("pathStyle", List.of("true", "false")).equals("true"),
              limits));
    } catch (IllegalArgumentException invalid) {
      throw new IllegalArgumentException(
          "store '%s': %s".formatted(text, invalid.getMessage()), invalid);
    }
  }
}
