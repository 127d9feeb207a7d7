package io.weft.server.place;

import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.model.Zone;
import io.weft.server.settings.SettingException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Learns from the cloud in which zone this machine is. Used by one thread, at the start.
final class CloudZone {
  private static final Logger LOG = LoggerFactory.getLogger(CloudZone.class);

  /// The limit of all questions together: a service may send byte after byte for ever.
  static final long ALL_MS_MAX = 10_000;

  /// What a cloud calls its zones, and nothing else that may answer at its address.
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,%d}".formatted(Zone.NAME_CHARS_MAX - 1));

  private final MetadataCall call;
  private final Environment environment;

  /// @param service where the cloud's metadata service answers
  CloudZone(URI service, Environment environment) {
    this.call = new MetadataCall(service);
    this.environment = environment;
  }

  private sealed interface Answer {
    record Found(Zone zone) implements Answer {}

    record Nowhere(String why) implements Answer {}
  }

  /// @throws SettingException if no cloud names a zone
  Zone find() throws InterruptedException {
    Pending<Answer> asked = new Pending<>();
    Thread asking = environment.tasks().start("zone", () -> asked.complete(ask()));
    Answer answer = new Answer.Nowhere("no answer within %d ms".formatted(ALL_MS_MAX));
    if (asked.awaitMs(environment, ALL_MS_MAX)) {
      answer = asked.await();
    } else {
      asking.interrupt();
    }
    return switch (answer) {
      case Answer.Found(Zone zone) -> zone;
      case Answer.Nowhere(String why) ->
          throw new SettingException(
              "zone is 'auto', and no cloud says in which zone this machine is (%s); set zone to its name, or leave it out where there is only one."
                  .formatted(why));
    };
  }

  private Answer ask() {
    List<String> failures = new ArrayList<>();
    for (Cloud cloud : Cloud.values()) {
      try {
        String name = cloud.zone(call);
        if (NAME.matcher(name).matches()) {
          LOG.info("{} says that this machine is in zone {}", cloud, name);
          return new Answer.Found(new Zone(name));
        }
        failures.add(cloud + ": an answer that is no zone's name");
      } catch (IOException | RuntimeException e) {
        failures.add(cloud + ": " + e.getMessage());
      }
    }
    return new Answer.Nowhere(String.join("; ", failures));
  }
}
