package io.weft.controlplane.state.admin;

import static io.weft.controlplane.api.admin.ResourceSettings.CHARS_PER_KIND_MAX;
import static io.weft.controlplane.api.admin.ResourceSettings.RESOURCES_PER_KIND_MAX;
import static io.weft.controlplane.api.admin.ResourceSettings.SETTINGS_MAX;
import static io.weft.controlplane.api.admin.ResourceSettings.SETTING_CHARS_MAX;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.TopicSettingLimits;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ResourceSettings.ConfigureOutcome;
import io.weft.controlplane.api.admin.ResourceSettings.Configured;
import io.weft.controlplane.api.admin.ResourceSettings.Resource;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Shape;
import io.weft.controlplane.codec.shape.Shapes;
import io.weft.model.Invariant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The settings of all resources of one kind. Owned by one thread.
final class ResourceTable {
  private static final Shape<Configured> SHAPE = Shapes.unlimited().of(Configured.class);

  private final Map<String, Resource> byName = new TreeMap<>();

  /// Changes so far.
  private long version;

  /// Of all names and values.
  private long chars;

  Map<String, Map<String, String>> settings() {
    Map<String, Map<String, String>> settings = new TreeMap<>();
    byName.forEach((name, resource) -> settings.put(name, resource.settings()));
    return Collections.unmodifiableMap(settings);
  }

  /// Empty for one without settings.
  Map<String, String> settings(String name) {
    Resource resource = byName.get(name);
    return resource == null ? Map.of() : resource.settings();
  }

  Optional<Configured> after(long knownVersion) {
    return knownVersion == version ? Optional.empty() : Optional.of(all());
  }

  private Configured all() {
    return new Configured(version, List.copyOf(byName.values()));
  }

  /// What a change would come to. Settings that are already so count as configured whatever their
  /// version: the answer to the first call may have been lost.
  ///
  /// @return empty if it is to be made
  Optional<ConfigureOutcome> settled(
      String name, long expectedVersion, Map<String, String> settings) {
    check(name, settings);
    Resource there = byName.get(name);
    Map<String, String> before = there == null ? Map.of() : there.settings();
    if (before.equals(settings)) {
      return Optional.of(ConfigureOutcome.CONFIGURED);
    }
    if (expectedVersion != (there == null ? 0 : there.version())) {
      return Optional.of(ConfigureOutcome.VERSION_CHANGED);
    }
    boolean isOneMore = there == null && byName.size() >= RESOURCES_PER_KIND_MAX;
    long more = chars(name, settings) - chars(name, before);
    // They may always become fewer: there may be too many from before there was a limit.
    return isOneMore || (more > 0 && chars + more > CHARS_PER_KIND_MAX)
        ? Optional.of(ConfigureOutcome.LIMIT_REACHED)
        : Optional.empty();
  }

  void replay(ResourceConfigured record) {
    version++;
    if (record.settings().isEmpty()) {
      Resource removed = byName.remove(record.name());
      Invariant.check(removed != null, "settings removed that are not there");
      chars -= chars(removed.name(), removed.settings());
    } else {
      put(new Resource(record.name(), version, record.settings()));
    }
  }

  void write(WireWriter out) {
    SHAPE.write(all(), out);
  }

  void read(WireReader in) {
    Configured table = SHAPE.read(in);
    version = table.version();
    table.resources().forEach(this::put);
  }

  private void put(Resource resource) {
    Resource replaced = byName.put(resource.name(), resource);
    if (replaced != null) {
      chars -= chars(replaced.name(), replaced.settings());
    }
    chars += chars(resource.name(), resource.settings());
    Invariant.check(byName.size() <= RESOURCES_PER_KIND_MAX, "too many resources with settings");
  }

  private static long chars(String name, Map<String, String> settings) {
    return settings.isEmpty() ? 0 : name.length() + TopicSettingLimits.chars(settings);
  }

  private static void check(String name, Map<String, String> settings) {
    if (name.length() > ResourceSettings.NAME_CHARS_MAX || settings.size() > SETTINGS_MAX) {
      throw new ControlPlaneException.Rejected(
          "a name of %d characters with %d settings; %d and %d are possible"
              .formatted(
                  name.length(), settings.size(), ResourceSettings.NAME_CHARS_MAX, SETTINGS_MAX));
    }
    settings.forEach(
        (key, value) -> {
          if (key.length() + value.length() > SETTING_CHARS_MAX) {
            throw new ControlPlaneException.Rejected(
                "a setting is longer than %d characters".formatted(SETTING_CHARS_MAX));
          }
        });
  }
}
