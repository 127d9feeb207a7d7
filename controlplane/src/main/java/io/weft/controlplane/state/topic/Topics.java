package io.weft.controlplane.state.topic;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.ConfigureOutcome;
import io.weft.controlplane.api.TopicCatalog.CreateOutcome;
import io.weft.controlplane.api.TopicCatalog.GrowOutcome;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.controlplane.api.TopicSettingLimits;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Rows;
import io.weft.controlplane.codec.shape.Shapes;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.Decision;
import io.weft.controlplane.state.part.StatePart;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.controlplane.state.topic.TopicRecord.TopicConfigured;
import io.weft.controlplane.state.topic.TopicRecord.TopicCreated;
import io.weft.controlplane.state.topic.TopicRecord.TopicDeleted;
import io.weft.controlplane.state.topic.TopicRecord.TopicGrown;
import io.weft.model.Invariant;
import io.weft.model.TopicId;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The topics and their settings. Owned by one thread.
public final class Topics implements StatePart {
  static final int NAME_CHARS_MAX = 249;

  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9._-]+");

  private static final Rows<Topic> ROWS = Shapes.unlimited().rowsOf(Topic.class);

  private final NavigableMap<String, Topic> byName = new TreeMap<>();
  private final Map<TopicId, Topic> byId = new HashMap<>();

  /// Names with `_` for `.`: Kafka's metric names cannot tell the two, so topics must not share
  /// one.
  private final Map<String, String> byMetricName = new HashMap<>();

  private long partitions;

  /// Of all topics' settings.
  private long settingChars;

  /// What [#list] gives, until something changes; empty if it must be made anew.
  private List<Topic> listed = List.of();

  public Optional<Topic> find(TopicId topic) {
    return Optional.ofNullable(byId.get(topic));
  }

  /// To be read only.
  public NavigableMap<String, Topic> byName() {
    return byName;
  }

  /// To be read only, and found by id only.
  public Map<TopicId, Topic> byId() {
    return byId;
  }

  /// By name order.
  public List<Topic> list() {
    if (listed.size() != byName.size()) {
      listed = List.copyOf(byName.values());
    }
    return listed;
  }

  public Decision<CreateOutcome> decideCreate(NewTopic topic) {
    checkName(topic.name());
    TopicSettingLimits.check(Map.of(), topic.settings());
    if (topic.partitions() < 1) {
      throw new ControlPlaneException.Rejected(
          "a topic cannot have %d partitions".formatted(topic.partitions()));
    }
    Topic sameId = byId.get(topic.id());
    if (sameId != null) {
      if (sameId.name().equals(topic.name())) {
        return Decision.of(CreateOutcome.CREATED);
      }
      throw new ControlPlaneException.Rejected(
          "topic id %s is that of %s".formatted(topic.id(), sameId.name()));
    }
    String sameMetricName = byMetricName.get(metricName(topic.name()));
    if (sameMetricName != null) {
      return Decision.of(
          sameMetricName.equals(topic.name())
              ? CreateOutcome.NAME_TAKEN
              : CreateOutcome.NAME_COLLIDES);
    }
    boolean fits =
        byId.size() < TopicCatalog.TOPICS_MAX
            && fits(topic.partitions(), topic.partitions())
            && canBeShown(topic.partitions(), topic.replicationFactor())
            && settingsFit(TopicSettingLimits.chars(topic.settings()));
    if (!fits) {
      return Decision.of(CreateOutcome.LIMIT_REACHED);
    }
    NewTopic own =
        new NewTopic(
            topic.id(),
            topic.name(),
            topic.partitions(),
            topic.replicationFactor(),
            sorted(topic.settings()));
    return Decision.of(new TopicCreated(own), CreateOutcome.CREATED);
  }

  public Decision<Boolean> decideDelete(TopicId topic) {
    return byId.containsKey(topic)
        ? Decision.of(new TopicDeleted(topic), true)
        : Decision.of(false);
  }

  public Decision<GrowOutcome> decideGrow(TopicId id, int count) {
    Topic topic = byId.get(id);
    if (topic == null) {
      return Decision.of(GrowOutcome.UNKNOWN_TOPIC);
    }
    if (count <= topic.partitions()) {
      return Decision.of(GrowOutcome.NOT_MORE);
    }
    return fits(count, count - topic.partitions()) && canBeShown(count, topic.replicationFactor())
        ? Decision.of(new TopicGrown(id, count), GrowOutcome.GROWN)
        : Decision.of(GrowOutcome.LIMIT_REACHED);
  }

  /// Settings that are already so count as configured whatever their version: the answer to the
  /// first call may have been lost.
  public Decision<ConfigureOutcome> decideConfigure(
      TopicId id, long expectedVersion, Map<String, String> settings) {
    Topic topic = byId.get(id);
    if (topic == null) {
      return Decision.of(ConfigureOutcome.UNKNOWN_TOPIC);
    }
    if (topic.settings().equals(settings)) {
      return Decision.of(ConfigureOutcome.CONFIGURED);
    }
    if (topic.settingsVersion() != expectedVersion) {
      return Decision.of(ConfigureOutcome.VERSION_CHANGED);
    }
    TopicSettingLimits.check(topic.settings(), settings);
    long more = TopicSettingLimits.chars(settings) - TopicSettingLimits.chars(topic.settings());
    return settingsFit(more)
        ? Decision.of(new TopicConfigured(id, sorted(settings)), ConfigureOutcome.CONFIGURED)
        : Decision.of(ConfigureOutcome.LIMIT_REACHED);
  }

  @Override
  public void replay(StateRecord record, ChangeListener changes) {
    switch ((TopicRecord) record) {
      case TopicCreated created -> replay(created);
      case TopicDeleted deleted -> replay(deleted);
      case TopicGrown grown -> replay(grown);
      case TopicConfigured configured -> replay(configured);
    }
  }

  private void replay(TopicCreated record) {
    NewTopic topic = record.topic();
    Invariant.check(!byId.containsKey(topic.id()), "a topic is created twice");
    put(
        new Topic(
            topic.id(),
            topic.name(),
            topic.partitions(),
            topic.replicationFactor(),
            0,
            topic.settings()));
  }

  private void replay(TopicDeleted record) {
    Topic topic = known(record.topic());
    byId.remove(topic.id());
    byName.remove(topic.name());
    byMetricName.remove(metricName(topic.name()));
    uncount(topic);
    listed = List.of();
  }

  private void replay(TopicGrown record) {
    Topic topic = known(record.topic());
    uncount(topic);
    put(
        new Topic(
            topic.id(),
            topic.name(),
            record.partitions(),
            topic.replicationFactor(),
            topic.settingsVersion(),
            topic.settings()));
  }

  private void replay(TopicConfigured record) {
    Topic topic = known(record.topic());
    uncount(topic);
    put(
        new Topic(
            topic.id(),
            topic.name(),
            topic.partitions(),
            topic.replicationFactor(),
            topic.settingsVersion() + 1,
            record.settings()));
  }

  @Override
  public void write(WireWriter out) {
    ROWS.write(byName.values(), topic -> topic, out);
  }

  @Override
  public void read(WireReader in) {
    ROWS.read(in, this::put);
  }

  /// A count that is over the limits cannot have been decided, and would be allocated for.
  private void put(Topic topic) {
    int count = topic.partitions();
    Invariant.check(count >= 1 && fits(count, count), "a topic of %d partitions", count);
    byId.put(topic.id(), topic);
    byName.put(topic.name(), topic);
    byMetricName.put(metricName(topic.name()), topic.name());
    partitions += topic.partitions();
    settingChars += TopicSettingLimits.chars(topic.settings());
    listed = List.of();
  }

  private void uncount(Topic topic) {
    partitions -= topic.partitions();
    settingChars -= TopicSettingLimits.chars(topic.settings());
  }

  private Topic known(TopicId id) {
    Topic topic = byId.get(id);
    Invariant.check(topic != null, "a record of a topic that is not there");
    return topic;
  }

  private boolean fits(int ofTopic, int more) {
    return ofTopic <= TopicCatalog.PARTITIONS_PER_TOPIC_MAX
        && partitions + more <= TopicCatalog.PARTITIONS_MAX;
  }

  private static boolean canBeShown(int partitions, short replicationFactor) {
    return (long) partitions * replicationFactor <= TopicCatalog.REPLICAS_PER_TOPIC_MAX;
  }

  /// Settings may always become fewer: there may be too many from before there was a limit.
  private boolean settingsFit(long moreChars) {
    return moreChars <= 0 || settingChars + moreChars <= TopicCatalog.SETTING_CHARS_IN_ALL_MAX;
  }

  /// A copy that belongs to the caller, in name order.
  private static Map<String, String> sorted(Map<String, String> settings) {
    return Collections.unmodifiableMap(new TreeMap<>(settings));
  }

  private static String metricName(String name) {
    return name.replace('.', '_');
  }

  private static void checkName(String name) {
    if (name.length() > NAME_CHARS_MAX
        || !NAME.matcher(name).matches()
        || name.equals(".")
        || name.equals("..")) {
      throw new ControlPlaneException.Rejected(
          "a topic's name is 1 to %d of a-z, A-Z, 0-9, '.', '_' and '-', but not '.' or '..'"
              .formatted(NAME_CHARS_MAX));
    }
  }
}
