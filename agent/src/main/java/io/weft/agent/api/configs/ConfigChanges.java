package io.weft.agent.api.configs;

import io.weft.agent.api.ControlPlaneCalls;
import io.weft.model.AgentId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/// Makes the changes that a request asks for, each by itself. Thread-safe.
final class ConfigChanges {
  /// Somebody else's changes that may come between.
  private static final int TRIES_MAX = 20;

  private static final long RETRY_MS_MAX = 30_000;

  private final Map<ConfigResource.Type, SettingsHome> homes;
  private final Supplier<AgentId> self;
  private final ControlPlaneCalls calls;

  ConfigChanges(
      Map<ConfigResource.Type, SettingsHome> homes,
      Supplier<AgentId> self,
      ControlPlaneCalls calls) {
    this.homes = homes;
    this.self = self;
    this.calls = calls;
  }

  /// @return for each, [ApiError#NONE] once it is durable (or, for `validateOnly`, would be
  ///   accepted)
  List<ApiError> make(List<RequestedChange> changes, boolean validateOnly)
      throws InterruptedException {
    Set<List<Object>> twice = Duplicates.in(changes, ConfigChanges::id);
    List<ApiError> errors = new ArrayList<>(changes.size());
    for (RequestedChange change : changes) {
      errors.add(
          twice.contains(id(change))
              ? invalid("Each resource must appear at most once.")
              : made(change, validateOnly));
    }
    return errors;
  }

  private static List<Object> id(RequestedChange change) {
    return List.of(change.resourceType(), change.name());
  }

  private ApiError made(RequestedChange change, boolean validateOnly) throws InterruptedException {
    Optional<String> flaw = change.flaw();
    if (flaw.isPresent()) {
      return invalid(flaw.get());
    }
    ConfigResource.Type type = ConfigResource.Type.forId(change.resourceType());
    SettingsHome home = homes.get(type);
    if (home != null) {
      return calls.withRetries(RETRY_MS_MAX, () -> ofHome(home, change, validateOnly));
    }
    return type == ConfigResource.Type.BROKER_LOGGER && !change.replaces()
        ? ofLoggers(change)
        : invalid("Unknown resource type " + change.resourceType());
  }

  /// There are no loggers to be set from outside.
  private ApiError ofLoggers(RequestedChange change) {
    if (!change.name().equals(Integer.toString(self.get().value()))) {
      return invalid(
          "Unexpected broker id, expected %d but received %s"
              .formatted(self.get().value(), change.name()));
    }
    return change.steps().isEmpty()
        ? ApiError.NONE
        : new ApiError(
            Errors.INVALID_CONFIG,
            "Logger " + change.steps().getFirst().setting() + " does not exist!");
  }

  private static ApiError ofHome(SettingsHome home, RequestedChange change, boolean validateOnly) {
    try {
      for (int i = 0; i < TRIES_MAX; i++) {
        Optional<ApiError> result = tryOnce(home, change, validateOnly);
        if (result.isPresent()) {
          return result.get();
        }
      }
      return new ApiError(Errors.REQUEST_TIMED_OUT, "Others keep changing these settings.");
    } catch (ApiException e) {
      return ApiError.fromThrowable(e);
    }
  }

  /// @return empty if somebody else's change came between
  private static Optional<ApiError> tryOnce(
      SettingsHome home, RequestedChange change, boolean validateOnly) {
    SettingsHome.Found found = home.find(change.name());
    Map<String, String> after = new TreeMap<>(found.own());
    change.applyTo(after, home);
    Optional<ApiError> flaw = tooLong(after).or(() -> home.flaw(change.name(), found.own(), after));
    if (flaw.isPresent() || found.absent().isPresent()) {
      return flaw.or(found::absent);
    }
    return validateOnly || after.equals(found.own())
        ? Optional.of(ApiError.NONE)
        : found.replacement().with(after);
  }

  private static Optional<ApiError> tooLong(Map<String, String> settings) {
    return settings.values().stream().anyMatch(value -> value.length() > Short.MAX_VALUE)
        ? Optional.of(
            new ApiError(
                Errors.INVALID_CONFIG,
                "A value is longer than %d characters.".formatted(Short.MAX_VALUE)))
        : Optional.empty();
  }

  private static ApiError invalid(String message) {
    return new ApiError(Errors.INVALID_REQUEST, message);
  }
}
