package io.weft.controlplane.api.admin;

import io.weft.controlplane.api.question.Question;
import io.weft.controlplane.codec.shape.AtMost;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Settings of resources other than topics. A resource exists as long as it has settings: it need
/// not be created, and nothing says that the group or agent of that name exists.
public interface ResourceSettings {
  /// Resources of one kind with settings, at most.
  int RESOURCES_PER_KIND_MAX = 10_000;

  /// Settings of one resource, at most.
  int SETTINGS_MAX = 200;

  /// Characters of one resource's name, and of one setting's name and value together, at most.
  int NAME_CHARS_MAX = 1_024;

  int SETTING_CHARS_MAX = 32_768;

  /// Characters of all names and values of one kind, at most: [#read] gives all of them at once.
  long CHARS_PER_KIND_MAX = 8L << 20;

  enum Kind {
    /// Named by the agent's id; the empty name is for all agents.
    AGENT,
    GROUP,
    CLIENT_METRICS
  }

  /// All of a kind as they are now, or empty if they are still at `knownVersion` (-1: none known).
  @Question(kind = 80, name = "ReadResources")
  Optional<Configured> read(Kind kind, long knownVersion);

  /// Replaces a resource's settings if they are still at `expectedVersion`; without any, it is
  /// gone.
  ///
  /// @param expectedVersion 0 of one that is not there
  @Question(kind = 81, name = "ConfigureResource")
  ConfigureOutcome configure(
      Kind kind,
      String name,
      long expectedVersion,
      @AtMost(Integer.MAX_VALUE) Map<String, String> settings);

  enum ConfigureOutcome {
    CONFIGURED,
    /// Somebody else changed them: read again.
    VERSION_CHANGED,
    /// There are too many resources, or too many characters in all.
    LIMIT_REACHED
  }

  /// All resources of a kind.
  ///
  /// @param version rises with every change of any resource
  /// @param resources by name order
  record Configured(long version, @AtMost(RESOURCES_PER_KIND_MAX) List<Resource> resources) {}

  /// @param version that of all resources when this one changed last; at least 1
  /// @param settings by Kafka's names; never empty
  record Resource(
      String name, long version, @AtMost(Integer.MAX_VALUE) Map<String, String> settings) {}
}
