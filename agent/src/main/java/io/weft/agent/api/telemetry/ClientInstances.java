package io.weft.agent.api.telemetry;

import io.weft.agent.api.telemetry.Subscription.Trait;
import io.weft.agent.catalog.LiveResources;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.admin.ResourceSettings.Resource;
import io.weft.environment.Environment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;

/// The clients that push, and what each is subscribed to. An agent that does not know one makes it
/// anew from the subscriptions: nothing is lost but the time of its last call. Thread-safe.
final class ClientInstances {
  /// As many as a Kafka broker knows; those unused for longest go first.
  static final int INSTANCES_MAX = 16_384;

  /// How old the subscriptions may be that a client is told.
  private static final long SETTINGS_AGE_MS_MAX = 1_000;

  private final LiveResources settings;
  private final Environment environment;
  private final ReentrantLock lock = new ReentrantLock();
  private final LinkedHashMap<Uuid, ClientInstance> byId = new LinkedHashMap<>(16, 0.75f, true);

  /// Made of the settings of `parsedVersion`.
  private List<Subscription> subscriptions = List.of();

  private long parsedVersion = -1;

  ClientInstances(LiveResources settings, Environment environment) {
    this.settings = settings;
    this.environment = environment;
  }

  /// A random id that no client has.
  Uuid newId() {
    return new Uuid(environment.randomness().nextLong(), environment.randomness().nextLong());
  }

  /// The client of this id, subscribed to what matches it now.
  ///
  /// @throws io.weft.controlplane.api.ControlPlaneException if the subscriptions cannot be read
  ClientInstance find(Uuid id, Request request) {
    LiveResources.Copy copy = settings.recent(SETTINGS_AGE_MS_MAX);
    lock.lock();
    try {
      if (copy.version() > parsedVersion) {
        subscriptions = parsed(copy);
        parsedVersion = copy.version();
      }
      ClientInstance known = byId.get(id);
      if (known == null || known.settingsVersion() < parsedVersion) {
        known = made(id, request);
        byId.put(id, known);
        if (byId.size() > INSTANCES_MAX) {
          byId.remove(byId.keySet().iterator().next());
        }
      }
      return known;
    } finally {
      lock.unlock();
    }
  }

  private static List<Subscription> parsed(LiveResources.Copy copy) {
    List<Subscription> parsed = new ArrayList<>();
    for (Resource resource : copy.byName().values()) {
      try {
        parsed.add(Subscription.of(resource.name(), resource.settings()));
      } catch (ApiException e) {
        // Set by an agent that knows more settings: not for this one.
      }
    }
    return List.copyOf(parsed);
  }

  private ClientInstance made(Uuid id, Request request) {
    Map<Trait, String> traits = traits(id, request);
    TreeSet<String> metrics = new TreeSet<>();
    boolean all = false;
    int intervalMs = Subscription.INTERVAL_MS_DEFAULT;
    for (Subscription subscription : subscriptions) {
      if (subscription.matches(traits)) {
        metrics.addAll(subscription.metrics());
        all |= subscription.wantsAll();
        intervalMs = Math.min(intervalMs, subscription.intervalMs());
      }
    }
    List<String> wanted = all ? List.of("*") : List.copyOf(metrics);
    return new ClientInstance(
        id, parsedVersion, subscriptionId(wanted, intervalMs, id), wanted, intervalMs);
  }

  private static Map<Trait, String> traits(Uuid id, Request request) {
    Map<Trait, String> traits = new EnumMap<>(Trait.class);
    String clientId = request.header().clientId();
    traits.put(Trait.CLIENT_INSTANCE_ID, id.toString());
    traits.put(Trait.CLIENT_ID, clientId == null ? "" : clientId);
    traits.put(Trait.CLIENT_SOFTWARE_NAME, request.client().software().name());
    traits.put(Trait.CLIENT_SOFTWARE_VERSION, request.client().software().version());
    traits.put(Trait.CLIENT_SOURCE_ADDRESS, request.client().address().getHostAddress());
    traits.put(Trait.CLIENT_SOURCE_PORT, Integer.toString(request.client().peerPort()));
    return traits;
  }

  /// The same on every agent for the same subscription and client.
  private static int subscriptionId(List<String> metrics, int intervalMs, Uuid id) {
    CRC32C crc = new CRC32C();
    crc.update((metrics + " " + intervalMs).getBytes(StandardCharsets.UTF_8));
    return (int) crc.getValue() ^ id.hashCode();
  }
}
