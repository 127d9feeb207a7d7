package io.weft.controlplane.state.catalog;

import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.Members;
import io.weft.controlplane.api.TopicCatalog.Page;
import io.weft.controlplane.api.TopicCatalog.Position;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.controlplane.api.TopicSettingLimits;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The catalog's version, and the topics that changed last. Owned by one thread.
///
/// A reader either goes on from its version, by the topics that have changed since, or reads all
/// topics in the order of their names, from the version at which it began: what changes in the
/// meantime it is told afterwards.
public final class CatalogChanges {
  /// Changes that are remembered, at most.
  static final int CHANGES_MAX = 65_536;

  /// What a topic's bytes are besides its name and its settings, at most.
  private static final int TOPIC_BYTES = 64;

  /// What a name and a value's lengths take, at most.
  private static final int SETTING_BYTES = 6;

  private static final int CHAR_BYTES_MAX = 3;

  private final NavigableMap<Long, TopicId> changed = new TreeMap<>();
  private long version;

  /// All that changed after this version is remembered.
  private long completeAfter;

  /// The topics and agents as they are.
  public record Now(
      String clusterId,
      NavigableMap<String, Topic> byName,
      Map<TopicId, Topic> byId,
      Members members) {}

  public long version() {
    return version;
  }

  /// The version of a snapshot: what happened before it is not known.
  public void beginAt(long snapshotVersion) {
    version = snapshotVersion;
    completeAfter = snapshotVersion;
  }

  /// Something else than a topic has changed.
  public long note() {
    return ++version;
  }

  /// A topic has come, changed or gone.
  public long note(TopicId topic) {
    version++;
    changed.put(version, topic);
    if (changed.size() > CHANGES_MAX) {
      completeAfter = changed.pollFirstEntry().getKey();
    }
    return version;
  }

  /// @see TopicCatalog#page
  public Page after(Position known, Now now) {
    boolean goesOn = known.version() >= completeAfter && known.version() <= version;
    if (!goesOn) {
      return byName(version, Optional.empty(), true, known, now);
    }
    return known.readUpTo().isPresent()
        ? byName(known.version(), known.readUpTo(), false, known, now)
        : difference(known, now);
  }

  /// @param begunAt the version at which the reader began
  private Page byName(
      long begunAt, Optional<String> readUpTo, boolean anew, Position known, Now now) {
    NavigableMap<String, Topic> left =
        readUpTo.isPresent() ? now.byName.tailMap(readUpTo.get(), false) : now.byName;
    List<Topic> topics = new ArrayList<>();
    long bytes = 0;
    for (Topic topic : left.values()) {
      if (bytes >= TopicCatalog.PAGE_BYTES_MAX) {
        break;
      }
      topics.add(topic);
      bytes += bytesMax(topic);
    }
    boolean all = topics.size() == left.size();
    Optional<String> upTo = all ? Optional.empty() : Optional.of(topics.getLast().name());
    Position reached = new Position(begunAt, now.members.epoch(), upTo);
    return new Page(
        now.clusterId,
        anew,
        topics,
        List.of(),
        newer(known, now),
        reached,
        !all || begunAt < version);
  }

  private Page difference(Position known, Now now) {
    Set<TopicId> told = new LinkedHashSet<>();
    List<Topic> topics = new ArrayList<>();
    List<TopicId> deleted = new ArrayList<>();
    long upTo = version;
    long bytes = 0;
    for (Map.Entry<Long, TopicId> change : changed.tailMap(known.version(), false).entrySet()) {
      if (bytes >= TopicCatalog.PAGE_BYTES_MAX) {
        upTo = change.getKey() - 1;
        break;
      }
      TopicId id = change.getValue();
      if (told.add(id)) {
        Topic topic = now.byId.get(id);
        if (topic == null) {
          deleted.add(id);
          bytes += TOPIC_BYTES;
        } else {
          topics.add(topic);
          bytes += bytesMax(topic);
        }
      }
    }
    Position reached = new Position(upTo, now.members.epoch(), Optional.empty());
    return new Page(
        now.clusterId, false, topics, deleted, newer(known, now), reached, upTo < version);
  }

  private static Optional<Members> newer(Position known, Now now) {
    return known.membershipEpoch() == now.members.epoch()
        ? Optional.empty()
        : Optional.of(now.members);
  }

  private static long bytesMax(Topic topic) {
    long chars = topic.name().length() + TopicSettingLimits.chars(topic.settings());
    return TOPIC_BYTES + chars * CHAR_BYTES_MAX + (long) topic.settings().size() * SETTING_BYTES;
  }
}
