package io.weft.agent.catalog;

import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ResourceSettings.Configured;
import io.weft.controlplane.api.admin.ResourceSettings.Kind;
import io.weft.controlplane.api.admin.ResourceSettings.Resource;
import io.weft.environment.Clock;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/// The settings of all resources of one kind, as this agent last saw them, and the way to newer
/// ones. Thread-safe.
public final class LiveResources {
  private final ResourceSettings settings;
  private final Kind kind;
  private final Clock clock;
  private final ReentrantLock reading = new ReentrantLock();
  private volatile Copy copy = new Copy(-1, 0, Map.of());

  /// @param version -1 until they have been read
  /// @param readMs monotonic: they are not older than this
  /// @param byName in name order
  public record Copy(long version, long readMs, Map<String, Resource> byName) {
    public Optional<Resource> find(String name) {
      return Optional.ofNullable(byName.get(name));
    }
  }

  public LiveResources(ResourceSettings settings, Kind kind, Clock clock) {
    this.settings = settings;
    this.kind = kind;
    this.clock = clock;
  }

  public Kind kind() {
    return kind;
  }

  /// Settings that are not older than this call.
  ///
  /// @throws io.weft.controlplane.api.ControlPlaneException if the control plane cannot be asked
  public Copy fresh() {
    reading.lock();
    try {
      return read();
    } finally {
      reading.unlock();
    }
  }

  /// Settings that are not older than `ageMsMax`.
  ///
  /// @throws io.weft.controlplane.api.ControlPlaneException if the control plane must be asked and
  ///   cannot be reached
  public Copy recent(long ageMsMax) {
    Copy known = copy;
    if (known.version >= 0 && clock.monotonicMs() - known.readMs <= ageMsMax) {
      return known;
    }
    reading.lock();
    try {
      known = copy;
      boolean recent = known.version >= 0 && clock.monotonicMs() - known.readMs <= ageMsMax;
      return recent ? known : read();
    } finally {
      reading.unlock();
    }
  }

  /// @see ResourceSettings#configure
  public ResourceSettings.ConfigureOutcome configure(
      String name, long expectedVersion, Map<String, String> after) {
    return settings.configure(kind, name, expectedVersion, after);
  }

  private Copy read() {
    long nowMs = clock.monotonicMs();
    Optional<Configured> newer = settings.read(kind, copy.version);
    copy =
        newer
            .map(all -> new Copy(all.version(), nowMs, byName(all)))
            .orElseGet(() -> new Copy(copy.version, nowMs, copy.byName));
    return copy;
  }

  private static Map<String, Resource> byName(Configured configured) {
    Map<String, Resource> byName = new TreeMap<>();
    configured.resources().forEach(resource -> byName.put(resource.name(), resource));
    return Collections.unmodifiableMap(byName);
  }
}
